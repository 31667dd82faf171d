package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"paye/web/ui/uitest"
)

// withCodes gives an account sign-in codes and returns its secret and its
// recovery codes.
func withCodes(t *testing.T, b *bench, v *uitest.Visitor) (secret string, recovery []string) {
	t.Helper()
	page := v.Get("/connexion/compte/codes").Want(t, 200, "Codes de connexion")
	_, rest, _ := strings.Cut(page.Body, `<code class="key">`)
	secret, _, _ = strings.Cut(rest, "</code>")
	secret = strings.ReplaceAll(secret, " ", "")
	v.Post("/connexion/compte/codes", "code", "000000").Want(t, 422, "Le code n’est pas bon")
	done := v.Post("/connexion/compte/codes", "code", codeAt(t, secret, b.now())).Want(t, 200, "Codes de secours")
	for _, part := range strings.Split(done.Body, "<li><code>")[1:] {
		code, _, _ := strings.Cut(part, "</code>")
		recovery = append(recovery, code)
	}
	if len(recovery) != recoveryLeft {
		t.Fatalf("%d recovery codes", len(recovery))
	}
	return secret, recovery
}

func codeAt(t *testing.T, secret string, now time.Time) string {
	t.Helper()
	code, err := totp.GenerateCodeCustom(secret, now, totpOptions)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestPasswordAloneNoLongerOpensAnAccountWithCodes(t *testing.T) {
	b := newBench(t)
	secret, _ := withCodes(t, b, b.in(t, "claire"))
	b.wait(time.Minute)
	v := uitest.NewVisitor(t, b.server)
	v.Post("/connexion", "compte", "claire", "passe", word).Want(t, 200, "Deuxième étape")
	v.Get("/gestion").Want(t, 200, "Connexion")
	v.Post("/connexion", "compte", "claire", "passe", word)
	code := codeAt(t, secret, b.now())
	v.Post("/connexion/code", "code", code[:3]+" "+code[3:]).Want(t, 200, "Accueil")
}

func TestCodeIsGoodOnce(t *testing.T) {
	b := newBench(t)
	secret, recovery := withCodes(t, b, b.in(t, "claire"))
	b.wait(time.Minute)
	try := func(code string) uitest.Page {
		v := uitest.NewVisitor(t, b.server)
		v.Post("/connexion", "compte", "claire", "passe", word)
		return v.Post("/connexion/code", "code", code)
	}
	for _, code := range []string{codeAt(t, secret, b.now()), recovery[3]} {
		try(code).Want(t, 200, "Accueil")
		try(code).Want(t, 422, "Le code n’est pas bon")
	}
}

func TestCodesCannotBeGuessed(t *testing.T) {
	b := newBench(t)
	secret, _ := withCodes(t, b, b.in(t, "claire"))
	b.wait(time.Minute)
	v := uitest.NewVisitor(t, b.server)
	v.Post("/connexion", "compte", "claire", "passe", word)
	for range maxWrong {
		v.Post("/connexion/code", "code", "123456").Want(t, 422, "Le code n’est pas bon")
	}
	v.Post("/connexion/code", "code", codeAt(t, secret, b.now())).Want(t, 422, "Trop de codes faux")
	b.wait(wrongTime)
	v.Post("/connexion", "compte", "claire", "passe", word)
	v.Post("/connexion/code", "code", codeAt(t, secret, b.now())).Want(t, 200, "Accueil")
}

func TestSecretOfAPageThatWasLeftCountsForNothing(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	v.Get("/connexion/compte/codes")
	v.Post("/deconnexion")
	v.Post("/connexion", "compte", "claire", "passe", word).Want(t, 200, "Accueil")
	if p, err := b.Profile(t.Context(), "claire"); err != nil || p.Secret != "" {
		t.Errorf("%+v, %v", p, err)
	}
}

// The numbers of RFC 6238, appendix B, cut to six digits.
func TestStepsAreThoseOfTheStandard(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		if got := totpStep(secret, code, time.Unix(at, 0), 0); got != at/totpPeriod {
			t.Errorf("at %d: step %d", at, got)
		}
	}
}
