package ui

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// Codes of six digits every thirty seconds (RFC 6238): other values of the
// standard are ignored by the applications.
var totpOptions = totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

const (
	totpPeriod   = 30
	maxWrong     = 5 // codes that may be wrong within wrongTime
	wrongTime    = 15 * time.Minute
	recoveryLeft = 10 // recovery codes of an account
)

// newSecret draws a secret of TOTP.
func newSecret() string {
	b := make([]byte, 20)
	rand.Read(b)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// secretURI is what an application reads: otpauth://totp/…
func secretURI(issuer, login, secret string) string {
	label := func(s string) string { return url.PathEscape(strings.ReplaceAll(s, ":", " ")) }
	return "otpauth://totp/" + label(issuer) + ":" + label(login) + "?" + url.Values{"secret": {secret}, "issuer": {strings.ReplaceAll(issuer, ":", " ")}}.Encode()
}

// totpStep gives the step at which a code is right: now, the one before or the
// one after, but none up to last; 0 for none. A code is thus good once.
func totpStep(secret, code string, now time.Time, last int64) int64 {
	for _, d := range []int64{0, -1, 1} {
		step := now.Unix()/totpPeriod + d
		if step <= last {
			continue
		}
		ok, err := totp.ValidateCustom(code, secret, time.Unix(step*totpPeriod, 0), totpOptions)
		if err == nil && ok {
			return step
		}
	}
	return 0
}

// cleanCode takes out what people put between digits.
func cleanCode(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' || r == '\u202f' {
			return -1
		}
		return r
	}, code))
}

// newRecovery draws recovery codes, and what is kept of them.
func newRecovery() (codes []string, kept [][]byte) {
	for range recoveryLeft {
		c := rand.Text()[:16]
		codes = append(codes, c[:4]+"-"+c[4:8]+"-"+c[8:12]+"-"+c[12:])
		kept = append(kept, digest(c))
	}
	return codes, kept
}

// factorVerdict is what became of a code.
type factorVerdict uint8

const (
	codeWrong factorVerdict = iota
	codeRight
	codeRecovery // right, and a recovery code less
	codeBraked   // not looked at: too many were wrong
)

// tryCode tries a code of the application, or a recovery code, against an
// account. Failures are counted in the account, whatever they come from, so
// that six digits cannot be guessed.
func (s *Site) tryCode(ctx context.Context, login, code string) (verdict factorVerdict, err error) {
	code = cleanCode(code)
	err = s.ChangeProfile(ctx, login, func(p *Profile) error {
		now := s.now()
		p.Failures = slices.DeleteFunc(p.Failures, func(at int64) bool { return now.Sub(time.Unix(at, 0)) >= wrongTime })
		verdict = codeWrong
		if len(p.Failures) >= maxWrong {
			verdict = codeBraked
			return nil
		}
		if p.Secret != "" {
			if step := totpStep(p.Secret, code, now, p.LastStep); step != 0 {
				verdict, p.LastStep, p.Failures = codeRight, step, nil
				return nil
			}
		}
		for i, kept := range p.Recovery {
			if slices.Equal(kept, digest(code)) {
				verdict, p.Failures = codeRecovery, nil
				p.Recovery = slices.Delete(p.Recovery, i, i+1)
				return nil
			}
		}
		p.Failures = append(p.Failures, now.Unix())
		return nil
	})
	return verdict, err
}

// QR is a square of modules, as the path of an SVG drawing of Size × Size.
type QR struct {
	Size int
	Path string
}

// qrCode draws a text.
func qrCode(text string) (QR, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return QR{}, fmt.Errorf("draw a QR code: %w", err)
	}
	n := code.Bounds().Dx()
	var b strings.Builder
	for y := range n {
		for x := range n {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+4, y+4)
			}
		}
	}
	return QR{n + 8, b.String()}, nil
}

// ProveFactor reports whether a code proves the second step of an account that
// is not the one signed in; where no second step was set up there is nothing to
// prove. A passkey cannot be proved with a code.
func (s *Site) ProveFactor(ctx context.Context, login, code string) (bool, error) {
	profile, err := s.Profile(ctx, login)
	if err != nil || !profile.factor() {
		return err == nil, err
	}
	if code == "" {
		return false, nil
	}
	verdict, err := s.tryCode(ctx, login, code)
	return verdict == codeRight || verdict == codeRecovery, err
}
