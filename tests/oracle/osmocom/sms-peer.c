/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One side of the CP and RP layers (TS 24.011) as libosmogsm does them, for tests: a process of its
 * own that takes commands on its standard input and prints what comes of them, its time being an
 * argument too.
 *
 *     sms-peer phone|network
 *
 *     originate TI HEX       starts a transfer: HEX is an RP-DATA behind its length
 *     report HEX             answers the RP-DATA that has come: HEX is an RP-ACK or
 *                            RP-ERROR behind its length
 *     receive HEX            a CP message of the other side
 *     advance MICROSECONDS   lets time pass
 *
 * A CP message to the other side is printed as "frame HEX", what the layer above is given as
 * "indication data|report HEX", the end of the MM connection as "indication release"; each
 * command ends with "ok".
 */
#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>
#include <osmocom/gsm/gsm0411_smc.h>
#include <osmocom/gsm/gsm0411_smr.h>
#include <osmocom/gsm/gsm0411_utils.h>
#include <osmocom/gsm/protocol/gsm_04_08.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct gsm411_smc_inst cp;
static struct gsm411_smr_inst rp;
static uint8_t transaction; /* as in the messages sent, flag included */

static void
print(const char* what, const uint8_t* octets, unsigned size)
{
    printf("%s %s\n", what, size > 0 ? osmo_hexdump_nospc(octets, (int)size) : "");
}

/* RP to the layer above */
static int
rp_to_user(struct gsm411_smr_inst* inst, int type, struct msgb* msg)
{
    (void)inst;
    const char* what =
        type == GSM411_SM_RL_DATA_IND ? "indication data" : "indication report";
    const unsigned header = sizeof(struct gsm48_hdr) + 1; /* and the length of CP-User-Data */
    if (msgb_l3(msg) && msgb_l3len(msg) > header)
    {
        print(what, msg->l3h + header, msgb_l3len(msg) - header);
    }
    else
    {
        printf("%s\n", what);
    }
    return 0;
}

static int
rp_to_cp(struct gsm411_smr_inst* inst, int type, struct msgb* msg)
{
    (void)inst;
    return gsm411_smc_send(&cp, type, msg);
}

static int
cp_to_rp(struct gsm411_smc_inst* inst, int type, struct msgb* msg)
{
    (void)inst;
    return gsm411_smr_recv(&rp, type, msg);
}

static int
cp_to_mm(struct gsm411_smc_inst* inst, int type, struct msgb* msg, int cp_type)
{
    switch (type)
    {
    case GSM411_MMSMS_EST_REQ: /* the MM connection stands at once */
        msgb_free(msg);
        return gsm411_smc_recv(inst, GSM411_MMSMS_EST_CNF, NULL, 0);
    case GSM411_MMSMS_DATA_REQ:
        gsm411_push_cp_header(msg, GSM48_PDISC_SMS, transaction, (uint8_t)cp_type);
        print("frame", msg->data, msg->len);
        break;
    case GSM411_MMSMS_REL_REQ:
        printf("indication release\n");
        break;
    default:
        break;
    }
    msgb_free(msg);
    return 0;
}

static struct msgb*
make_message(const char* hex)
{
    struct msgb* msg = gsm411_msgb_alloc();
    uint8_t octets[256];
    const int size = osmo_hexparse(hex, octets, sizeof octets);
    if (size > 0)
    {
        memcpy(msgb_put(msg, (unsigned)size), octets, (size_t)size);
    }
    return msg;
}

static void
receive(const char* hex)
{
    struct msgb* msg = make_message(hex);
    msg->l3h = msg->data;
    const struct gsm48_hdr* header = (const struct gsm48_hdr*)msg->data;
    transaction = (header->proto_discr >> 4) ^ 0x08;
    const int type =
        cp.cp_state == GSM411_CPS_IDLE ? GSM411_MMSMS_EST_IND : GSM411_MMSMS_DATA_IND;
    gsm411_smc_recv(&cp, type, msg, header->msg_type);
    msgb_free(msg);
}

static void
advance(long microseconds)
{
    osmo_gettimeofday_override_add(microseconds / 1000000, microseconds % 1000000);
    osmo_clock_override_add(CLOCK_MONOTONIC,
                            microseconds / 1000000,
                            microseconds % 1000000 * 1000);
    osmo_timers_prepare();
    osmo_timers_update();
}

static void
execute(char* line)
{
    const char* command = strtok(line, " \n");
    const char* first = strtok(NULL, " \n");
    const char* second = strtok(NULL, " \n");
    if (!command || !first)
    {
        return;
    }
    if (strcmp(command, "originate") == 0 && second)
    {
        transaction = (uint8_t)atoi(first);
        gsm411_smr_send(&rp, GSM411_SM_RL_DATA_REQ, make_message(second));
    }
    else if (strcmp(command, "report") == 0)
    {
        gsm411_smr_send(&rp, GSM411_SM_RL_REPORT_REQ, make_message(first));
    }
    else if (strcmp(command, "receive") == 0)
    {
        receive(first);
    }
    else if (strcmp(command, "advance") == 0)
    {
        advance(atol(first));
    }
}

int
main(int argc, char** argv)
{
    if (argc != 2)
    {
        return 2;
    }
    static const struct log_info no_categories = {0};
    osmo_init_logging2(NULL, &no_categories);
    osmo_gettimeofday_override = true;
    osmo_clock_override_enable(CLOCK_MONOTONIC, true);
    const int network = strcmp(argv[1], "network") == 0;
    gsm411_smc_init(&cp, 1, network, cp_to_rp, cp_to_mm);
    gsm411_smr_init(&rp, 1, network, rp_to_user, rp_to_cp);
    char line[2048];
    while (fgets(line, sizeof line, stdin))
    {
        execute(line);
        printf("ok\n");
        fflush(stdout);
    }
    return 0;
}
