//go:build !js

package lang

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"os/exec"
)

// What only a program with a network and others beside it meets; one that runs
// in a browser does without, and without the weight of it.
var (
	otherName        = a[x509.HostnameError]
	unknownAuthority = either(a[x509.UnknownAuthorityError], a[x509.CertificateInvalidError], a[*tls.CertificateVerificationError])
	notTLS           = a[tls.RecordHeaderError]
	unknownHost      = a[*net.DNSError]
	noProgram        = errno(exec.ErrNotFound)
)

func expired(err error) bool {
	var invalid x509.CertificateInvalidError
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

// outside finds whom the machine was talking to, or the program it was starting.
func outside(err error) (Text, string) {
	var command *exec.Error
	var dns *net.DNSError
	var op *net.OpError
	var web *url.Error
	switch {
	case errors.As(err, &command):
		return deeds["exec"], command.Name
	case errors.As(err, &dns):
		return deeds["dial"], dns.Name
	case errors.As(err, &op) && op.Addr != nil:
		return deeds[op.Op], op.Addr.String()
	case errors.As(err, &web):
		if u, parsed := url.Parse(web.URL); parsed == nil {
			return deeds["dial"], u.Host
		}
	}
	return Text{}, ""
}
