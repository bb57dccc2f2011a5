/* Looks names up in the hosts file and by DNS alone, whatever /etc/nsswitch.conf says; linked into the static binary only.
 *
 * What that file names beyond these two (mdns4_minimal, resolve, myhostname, …) is a shared library. A static program
 * would load it together with the C library and the loader of the machine it runs on, which work on the structures of
 * the one it was linked with: with another version of glibc, that ends in a crash. Where systemd-resolved does the
 * looking up, it answers DNS too (/etc/resolv.conf).
 */

#include <netdb.h>
#include <nss.h>

int __real_getaddrinfo(const char *, const char *, const struct addrinfo *, struct addrinfo **);
int __wrap_getaddrinfo(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                       struct addrinfo **found) {
    if (__nss_configure_lookup("hosts", "files dns") != 0)
        return EAI_SYSTEM;
    return __real_getaddrinfo(name, service, hints, found);
}
