// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-integrity.h"

#include "ns3/abort.h"

#include <gcrypt.h>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Has libgcrypt make itself ready, once and without memory that is locked for secrets.
void
SetUp()
{
    static const bool ready = []() {
        NS_ABORT_MSG_UNLESS(gcry_check_version(GCRYPT_VERSION), "libgcrypt is too old");
        gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        return gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0) == 0;
    }();
    NS_ABORT_MSG_UNLESS(ready, "libgcrypt does not start");
}

/// @return the digest of @p octets by one of libgcrypt's algorithms.
Octets
Digest(int algorithm, const void* octets, std::size_t size)
{
    SetUp();
    Octets digest(gcry_md_get_algo_dlen(algorithm));
    gcry_md_hash_buffer(algorithm, digest.data(), octets, size);
    return digest;
}

} // namespace

Octets
ComputeHmacSha1(const Octets& key, const Octets& octets)
{
    SetUp();
    gcry_md_hd_t handle = nullptr;
    const bool made = gcry_md_open(&handle, GCRY_MD_SHA1, GCRY_MD_FLAG_HMAC) == GPG_ERR_NO_ERROR &&
                      gcry_md_setkey(handle, key.data(), key.size()) == GPG_ERR_NO_ERROR;
    NS_ABORT_MSG_UNLESS(made, "libgcrypt has no HMAC-SHA1");
    gcry_md_write(handle, octets.data(), octets.size());
    const uint8_t* sum = gcry_md_read(handle, GCRY_MD_SHA1);
    Octets result(sum, sum + HMAC_SHA1_SIZE);
    gcry_md_close(handle);
    return result;
}

uint32_t
ComputeCrc32(const Octets& octets)
{
    const Octets digest = Digest(GCRY_MD_CRC32, octets.data(), octets.size());
    return FieldReader(digest).U32();
}

Octets
MakeLongTermKey(const std::string& username, const std::string& realm, const std::string& password)
{
    const std::string text = username + ":" + realm + ":" + password;
    return Digest(GCRY_MD_MD5, text.data(), text.size());
}

} // namespace p2pim
} // namespace ns3
