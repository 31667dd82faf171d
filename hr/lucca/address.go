package lucca

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"paye/hr"
)

// vendorHosts are the suffixes of the hosts of tenants.
var vendorHosts = []string{"ilucca.net", "ilucca-test.net", "ilucca-demo.net", "ilucca.ch"}

// account checks the address of a tenant and returns it without anything
// behind the host: https, a name below one of hosts, no user, no path, no
// query. private lets a port and any name of hosts through.
func account(address string, hosts []string, private bool) (*url.URL, error) {
	refuse := func(why string) (*url.URL, error) { return nil, hr.Codes.New("RH-201", why) }
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return refuse("URL")
	}
	name := strings.ToLower(u.Hostname())
	switch {
	case u.Scheme != "https":
		return refuse("https")
	case u.User != nil:
		return refuse("user@")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse("?…")
	case u.Path != "" && u.Path != "/":
		return refuse("/…")
	case u.Port() != "" && !private:
		return refuse(":" + u.Port())
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return refuse("IP")
	}
	if len(hosts) == 0 {
		hosts = vendorHosts
	}
	if !slices.ContainsFunc(hosts, func(h string) bool { return name == h && private || strings.HasSuffix(name, "."+h) }) {
		return refuse(strings.Join(hosts, ", "))
	}
	return &url.URL{Scheme: "https", Host: strings.ToLower(u.Host)}, nil
}

// publicOnly refuses, when a connection is made, an address that is not a
// public one: a name may lead anywhere.
func publicOnly(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return hr.Codes.New("RH-215")
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !public(ip.Unmap()) {
		return hr.Codes.New("RH-215")
	}
	return nil
}

// shared are ranges that are neither private nor public: carrier NAT, tests,
// translation.
var shared = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("64:ff9b::/96"),
}

func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	return !slices.ContainsFunc(shared, func(p netip.Prefix) bool { return p.Contains(ip) })
}
