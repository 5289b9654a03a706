/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One side of LAPDm as libosmogsm does it, for tests: a process of its own that takes commands on
 * its standard input and prints what comes of them, its time being an argument too.
 *
 *     lapdm-peer ms|bts T200_MS
 *
 *     establish SAPI [HEX]   DL-ESTABLISH-REQUEST, with the L3 message of the SABM
 *     send SAPI HEX          DL-DATA-REQUEST
 *     release SAPI           DL-RELEASE-REQUEST
 *     receive HEX            a frame of the other side
 *     poll                   asks for the frame of this block: prints "frame HEX" or "frame"
 *     advance MICROSECONDS   lets time pass
 *
 * A primitive to layer 3 is printed as "indication NAME SAPI [HEX]"; each command ends with "ok".
 */
#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>
#include <osmocom/gsm/lapdm.h>
#include <osmocom/gsm/prim.h>
#include <osmocom/gsm/rsl.h>
#include <osmocom/gsm/tlv.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum
{
    CHANNEL = 0x40, /* SDCCH/8, subchannel 0 (TS 48.058 9.3.1) */
    HEADROOM = 128,
    SIZE = 512
};

static struct lapdm_channel channel;

static const char*
get_name(uint8_t type)
{
    switch (type)
    {
    case RSL_MT_EST_IND:
        return "establish-indication";
    case RSL_MT_EST_CONF:
        return "establish-confirm";
    case RSL_MT_DATA_IND:
        return "data-indication";
    case RSL_MT_REL_IND:
        return "release-indication";
    case RSL_MT_REL_CONF:
        return "release-confirm";
    case RSL_MT_ERROR_IND:
        return "error-indication";
    default:
        return "other";
    }
}

static int
to_layer_3(struct msgb* msg, struct lapdm_entity* entity, void* context)
{
    (void)entity;
    (void)context;
    const struct abis_rsl_rll_hdr* header = (const struct abis_rsl_rll_hdr*)msg->data;
    printf("indication %s %d", get_name(header->c.msg_type), header->link_id & 7);
    const bool has_message =
        header->c.msg_type == RSL_MT_DATA_IND || header->c.msg_type == RSL_MT_EST_IND;
    if (has_message && msgb_l3(msg) && msgb_l3len(msg) > 0)
    {
        printf(" %s", osmo_hexdump_nospc(msgb_l3(msg), (int)msgb_l3len(msg)));
    }
    printf("\n");
    msgb_free(msg);
    return 0;
}

static struct msgb*
make_message(const char* hex)
{
    struct msgb* msg = msgb_alloc_headroom(SIZE, HEADROOM, "lapdm-peer");
    uint8_t octets[SIZE - HEADROOM];
    const int size = hex ? osmo_hexparse(hex, octets, sizeof octets) : 0;
    if (size > 0)
    {
        memcpy(msgb_put(msg, (unsigned)size), octets, (size_t)size);
    }
    msg->l3h = msg->data;
    return msg;
}

static void
request(uint8_t type, uint8_t sapi, const char* hex)
{
    struct msgb* msg = make_message(hex);
    if (hex)
    {
        rsl_rll_push_l3(msg, type, CHANNEL, sapi, 1);
    }
    else
    {
        if (type == RSL_MT_REL_REQ)
        {
            msgb_tv_push(msg, RSL_IE_RELEASE_MODE, RSL_REL_NORMAL);
        }
        rsl_rll_push_hdr(msg, type, CHANNEL, sapi, 1);
        msg->l3h = msg->data + sizeof(struct abis_rsl_rll_hdr);
    }
    lapdm_rslms_recvmsg(msg, &channel);
}

static void
receive(const char* hex)
{
    struct osmo_phsap_prim prim = {0};
    struct msgb* msg = make_message(hex);
    msg->l2h = msg->data;
    msg->l3h = NULL;
    osmo_prim_init(&prim.oph, SAP_GSM_PH, PRIM_PH_DATA, PRIM_OP_INDICATION, msg);
    prim.u.data.chan_nr = CHANNEL;
    lapdm_phsap_up(&prim.oph, &channel.lapdm_dcch);
}

static void
poll_frame(void)
{
    struct osmo_phsap_prim prim = {0};
    if (lapdm_phsap_dequeue_prim(&channel.lapdm_dcch, &prim) < 0)
    {
        printf("frame\n");
        return;
    }
    struct msgb* msg = prim.oph.msg;
    printf("frame %s\n", osmo_hexdump_nospc(msgb_l2(msg), (int)msgb_l2len(msg)));
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
    const uint8_t sapi = first ? (uint8_t)atoi(first) : 0;
    if (!command)
    {
        return;
    }
    if (strcmp(command, "establish") == 0)
    {
        request(RSL_MT_EST_REQ, sapi, second);
    }
    else if (strcmp(command, "send") == 0)
    {
        request(RSL_MT_DATA_REQ, sapi, second);
    }
    else if (strcmp(command, "release") == 0)
    {
        request(RSL_MT_REL_REQ, sapi, NULL);
    }
    else if (strcmp(command, "receive") == 0)
    {
        receive(first);
    }
    else if (strcmp(command, "poll") == 0)
    {
        poll_frame();
    }
    else if (strcmp(command, "advance") == 0)
    {
        advance(atol(first));
    }
}

int
main(int argc, char** argv)
{
    if (argc != 3)
    {
        return 2;
    }
    static const struct log_info no_categories = {0};
    osmo_init_logging2(NULL, &no_categories);
    osmo_gettimeofday_override = true;
    osmo_clock_override_enable(CLOCK_MONOTONIC, true);
    const int t200 = atoi(argv[2]);
    const int t200_ms[_NR_DL_SAPI] = {t200, t200};
    lapdm_channel_init3(&channel,
                        strcmp(argv[1], "ms") == 0 ? LAPDM_MODE_MS : LAPDM_MODE_BTS,
                        t200_ms,
                        t200_ms,
                        GSM_LCHAN_SDCCH,
                        NULL);
    lapdm_channel_set_flags(&channel, LAPDM_ENT_F_POLLING_ONLY);
    lapdm_channel_set_l1(&channel, NULL, NULL);
    lapdm_channel_set_l3(&channel, to_layer_3, NULL);
    char line[2048];
    while (fgets(line, sizeof line, stdin))
    {
        execute(line);
        printf("ok\n");
        fflush(stdout);
    }
    return 0;
}
