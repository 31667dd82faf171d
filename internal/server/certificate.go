package server

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"
)

// paire is a certificate and its key, read again when their files change: a
// renewed certificate needs no restart.
type paire struct {
	cert, cle string
	horloge   func() time.Time
	log       *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	looked  time.Time // when the files were looked at
	stamps  [2]time.Time
}

// relecture is how long the files are believed not to have changed.
const relecture = time.Minute

// certificate is a tls.Config.GetCertificate. A new pair that cannot be read
// is logged, and the former serves on.
func (p *paire) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.horloge()
	if p.current != nil && now.Sub(p.looked) < relecture {
		return p.current, nil
	}
	p.looked = now
	stamps := [2]time.Time{stamp(p.cert), stamp(p.cle)}
	if p.current != nil && stamps == p.stamps {
		return p.current, nil
	}
	pair, err := tls.LoadX509KeyPair(p.cert, p.cle)
	if err != nil {
		if p.current == nil {
			return nil, err
		}
		p.log.Error("the new certificate cannot be read, the former one serves on", "err", err)
		return p.current, nil
	}
	p.current, p.stamps = &pair, stamps
	return p.current, nil
}

func stamp(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// tlsConfig offers what current browsers and tools take and nothing that a judge
// of TLS remarks on: TLS 1.2 with ephemeral keys and authenticated ciphers only,
// or 1.3. A ticket would let a session be taken up with a key that lives for
// days; a full handshake costs a millisecond.
func tlsConfig(p *paire) *tls.Config {
	return &tls.Config{
		GetCertificate:         p.certificate,
		MinVersion:             tls.VersionTLS12,
		SessionTicketsDisabled: true,
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
	}
}
