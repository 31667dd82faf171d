package lucca

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"paye/hr"
	"paye/hr/luccatest"
	"paye/internal/anomalie"
)

var noon = time.Date(2026, 9, 14, 12, 0, 0, 0, time.UTC)

// connect makes a client of a tenant, on a clock that waits for nobody.
func connect(t *testing.T, tenant *luccatest.Tenant) (*Client, *luccatest.Clock) {
	t.Helper()
	clock := luccatest.NewClock(noon)
	t.Cleanup(tenant.Start())
	t.Cleanup(func() {
		for _, x := range tenant.Broken() {
			t.Errorf("the tenant was asked what must never be: %s", x)
		}
		for _, r := range tenant.Log() {
			if strings.Contains(r.Path+r.Query, "canary") {
				t.Errorf("the key is in %s", r.Path)
			}
		}
	})
	c, err := New(Options{URL: tenant.URL(), Key: luccatest.Key, Hosts: []string{"localhost"}, Private: true, Roots: tenant.Roots(), Clock: clock, Today: hr.DateOf(noon), Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c, clock
}

// all reads every page.
func all(ctx context.Context, c *Client, paths ...string) ([]hr.Record, error) {
	var list []hr.Record
	for {
		page, err := c.Users(ctx, len(list), paths)
		if err != nil {
			return list, err
		}
		list = append(list, page.Records...)
		if page.Last {
			return list, nil
		}
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var a *anomalie.Anomalie
	if !errors.As(err, &a) || a.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
	if err != nil && strings.Contains(err.Error(), "canary") {
		t.Errorf("the key is in the error: %v", err)
	}
}

// many is a tenant of n users without anything but a name.
func many(n int) *luccatest.Tenant {
	t := new(luccatest.Tenant)
	for i := range n {
		t.Users = append(t.Users, luccatest.Object{"id": i + 1, "firstName": fmt.Sprint("A", i), "legalEntity": luccatest.Object{"id": 1}})
	}
	return t
}

func TestAddressIsAHostOfTheVendorOverHTTPS(t *testing.T) {
	for _, c := range []struct {
		address string
		private bool
		ok      bool
	}{
		{"https://commune.ilucca.net/", false, true}, {"https://COMMUNE.ilucca.net", false, true}, {"https://a.ilucca-test.net", false, true}, {"https://a.ilucca.ch", false, true},
		{"http://commune.ilucca.net", false, false}, {"commune.ilucca.net", false, false}, {"https://x@commune.ilucca.net", false, false},
		{"https://commune.ilucca.net/api", false, false}, {"https://commune.ilucca.net?key=1", false, false}, {"https://commune.ilucca.net#a", false, false},
		{"https://commune.ilucca.net:8443", false, false}, {"https://ilucca.net", false, false}, {"https://evililucca.net", false, false},
		{"https://commune.ilucca.net.evil.example", false, false}, {"https://127.0.0.1", false, false}, {"https://[::1]", false, false},
		{"https://2130706433", false, false}, {"https://localhost", false, false}, {"https://10.0.0.1:443", true, false}, {"ftp://a.ilucca.net", false, false}, {"", false, false},
	} {
		_, err := account(c.address, nil, c.private)
		if (err == nil) != c.ok {
			t.Errorf("%q: %v", c.address, err)
		}
	}
}

func TestNameThatLeadsToAPrivateAddressIsRefused(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2a01::1": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "::1": false, "fe80::1": false, "fc00::1": false, "::ffff:10.0.0.1": false, "224.0.0.1": false, "64:ff9b::a00:1": false,
	} {
		if got := public(netip.MustParseAddr(address).Unmap()); got != want {
			t.Errorf("%s: public %v, want %v", address, got, want)
		}
	}
	tenant := many(1)
	t.Cleanup(tenant.Start())
	c, err := New(Options{URL: "https://commune.ilucca.net", Key: luccatest.Key, Roots: tenant.Roots(), Clock: luccatest.NewClock(noon)})
	if err != nil {
		t.Fatal(err)
	}
	c.base.Host = strings.TrimPrefix(tenant.URL(), "https://") // as if the name led there
	_, err = c.Users(t.Context(), 0, nil)
	wantCode(t, err, "RH-215")
	if len(tenant.Log()) > 0 {
		t.Error("something was asked")
	}
}

func TestKeyIsNeeded(t *testing.T) {
	for _, key := range []string{"", "  ", "a\r\nX: 1"} {
		_, err := New(Options{URL: "https://a.ilucca.net", Key: key, Clock: luccatest.NewClock(noon)})
		wantCode(t, err, "RH-105")
	}
}

func TestFaultsThatNoSecondTryMends(t *testing.T) {
	for _, c := range []struct {
		name, code string
		fault      luccatest.Fault
	}{
		{"a key that is refused", "RH-202", luccatest.Fault{Status: 401}},
		{"a right that is missing", "RH-203", luccatest.Fault{Status: 403}},
		{"no such thing", "RH-204", luccatest.Fault{Status: 404}},
		{"a bad request", "RH-214", luccatest.Fault{Status: 400}},
		{"a login page", "RH-205", luccatest.Fault{Status: 200, Kind: "text/html; charset=utf-8", Body: "<!DOCTYPE html><html>login</html>"}},
		{"no type", "RH-205", luccatest.Fault{Status: 200, Kind: "application/octet-stream", Body: `{"data":{"items":[]}}`}},
		{"another host", "RH-210", luccatest.Fault{Status: 302, Header: http.Header{"Location": {"https://evil.example/api/v3/users"}}}},
		{"plain HTTP", "RH-210", luccatest.Fault{Status: 302, Header: http.Header{"Location": {"http://localhost/api/v3/users"}}}},
		{"no data", "RH-206", luccatest.Fault{Status: 200, Kind: "application/json", Body: `{"items":[]}`}},
	} {
		tenant := many(3)
		client, _ := connect(t, tenant)
		tenant.Fail(c.fault)
		_, err := all(t.Context(), client, "firstName")
		if err == nil {
			t.Errorf("%s: accepted", c.name)
			continue
		}
		wantCode(t, err, c.code)
		if n := len(tenant.Log()); n != 1 {
			t.Errorf("%s: asked %d times", c.name, n)
		}
	}
}

func TestFaultsThatPass(t *testing.T) {
	for name, f := range map[string]luccatest.Fault{
		"429":       {Status: 429, Times: 4},
		"500":       {Status: 500, Times: 4},
		"503":       {Status: 503, Times: 2},
		"cut":       {Cut: true, Times: 3},
		"malformed": {Status: 200, Kind: "application/json", Body: `{"data":{"items":[{`, Times: 1},
	} {
		tenant := many(3)
		client, _ := connect(t, tenant)
		tenant.Fail(f)
		list, err := all(t.Context(), client, "firstName")
		if err != nil || len(list) != 3 {
			t.Errorf("%s: %d users, %v", name, len(list), err)
		}
	}
}

func TestPatienceHasAnEnd(t *testing.T) {
	for name, c := range map[string]struct {
		fault luccatest.Fault
		code  string
	}{
		"429 for ever": {luccatest.Fault{Status: 429}, "RH-207"},
		"500 for ever": {luccatest.Fault{Status: 500}, "RH-209"},
		"always cut":   {luccatest.Fault{Cut: true}, "RH-206"},
		"408 for ever": {luccatest.Fault{Status: 408}, "RH-208"},
	} {
		tenant := many(3)
		client, _ := connect(t, tenant)
		tenant.Fail(c.fault)
		_, err := all(t.Context(), client, "firstName")
		t.Log(name)
		wantCode(t, err, c.code)
		if n := len(tenant.Log()); n > 6 {
			t.Errorf("%s: asked %d times", name, n)
		}
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"37": 37 * time.Second, noon.Add(50 * time.Second).Format(http.TimeFormat): 50 * time.Second, "86400": maxWait, "": 0,
	} {
		tenant := many(3)
		client, clock := connect(t, tenant)
		tenant.Fail(luccatest.Fault{Status: 429, Times: 1, Header: http.Header{"Retry-After": {header}}})
		if _, err := all(t.Context(), client, "firstName"); err != nil {
			t.Fatal(err)
		}
		waited := clock.Now().Sub(noon)
		if waited < want || waited > want+2*time.Second {
			t.Errorf("Retry-After %q: waited %s, want %s", header, waited, want)
		}
	}
}

func TestSlowTenantIsAskedForSmallerPages(t *testing.T) {
	tenant := many(120)
	client, _ := connect(t, tenant)
	tenant.Fail(luccatest.Fault{Status: 408, Above: 30})
	list, err := all(t.Context(), client, "firstName")
	if err != nil || len(list) != 120 {
		t.Fatalf("%d users, %v", len(list), err)
	}
	if client.page != 25 {
		t.Errorf("pages of %d at the end, want 25", client.page)
	}
}

func TestSilentTenantIsLeft(t *testing.T) {
	tenant := many(1)
	client, _ := connect(t, tenant)
	client.http.Timeout = 50 * time.Millisecond
	tenant.Fail(luccatest.Fault{Hang: true})
	_, err := all(t.Context(), client, "firstName")
	wantCode(t, err, "RH-217")
}

func TestCancelledReadingStops(t *testing.T) {
	tenant := many(1)
	client, _ := connect(t, tenant)
	ctx, cancel := context.WithCancel(t.Context())
	tenant.Fail(luccatest.Fault{Status: 503, Hook: cancel})
	if _, err := all(ctx, client, "firstName"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestHugeAnswerIsCutOff(t *testing.T) {
	tenant := many(1)
	client, _ := connect(t, tenant)
	tenant.Fail(luccatest.Fault{Status: 200, Kind: "application/json", Header: http.Header{"Content-Encoding": {"gzip"}}, Body: luccatest.Bomb(maxBody + 1)})
	_, err := all(t.Context(), client, "firstName")
	wantCode(t, err, "RH-211")
}

func TestUnknownCertificateIsRefused(t *testing.T) {
	tenant := many(1)
	_, clock := connect(t, tenant)
	c, err := New(Options{URL: tenant.URL(), Key: luccatest.Key, Hosts: []string{"localhost"}, Private: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Users(t.Context(), 0, nil)
	wantCode(t, err, "RH-217")
	if clock.Now() != noon {
		t.Error("it was tried again")
	}
}

func TestLimitOfTheTenantIsNeverReached(t *testing.T) {
	tenant := many(20_000)
	client, clock := connect(t, tenant)
	tenant.Now = clock.Now
	list, err := all(t.Context(), client, "firstName")
	if err != nil || len(list) != 20_000 {
		t.Fatalf("%d users, %v", len(list), err)
	}
	log := tenant.Log()
	for i, r := range log {
		if r.Status != http.StatusOK {
			t.Fatalf("request %d was answered %d", i, r.Status)
		}
		if i >= 45 && r.At.Sub(log[i-45].At) < time.Minute {
			t.Fatalf("45 requests in %s", r.At.Sub(log[i-45].At))
		}
	}
	if took := clock.Now().Sub(noon); len(log) != 200 || took > 5*time.Minute {
		t.Errorf("%d requests in %s", len(log), took)
	}
}
