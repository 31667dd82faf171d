package hr

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"paye/internal/identifiants"
)

// Normaliser makes sheets of records.
type Normaliser struct {
	Mapping *Mapping
	Lists   map[string]map[string]string // path → identifier of a choice → name
	Today   Date
}

// Fiche normalises a record. A value that is wrong becomes an Issue and is left
// absent, so that the old one stays.
func (n *Normaliser) Fiche(r *Record) *Fiche {
	f := &Fiche{ID: r.ID, Etab: n.Mapping.SIRET(r.Etab)}
	f.Values.set(0, r.ID)
	for i := 1; i < nbChamps; i++ {
		field := &fields[i]
		rule, mapped := n.Mapping.Champs[field.Champ]
		if !mapped || len(rule.Path) == 0 && len(rule.Else) == 0 {
			continue
		}
		raw, state, ok := n.read(r, rule)
		if !ok {
			f.issue(field.Champ, "RH-401")
			continue
		}
		if state == absent {
			continue
		}
		text, code := n.value(field, raw)
		if code != "" {
			f.issue(field.Champ, code)
			continue
		}
		f.Values.set(i, text)
	}
	n.together(f)
	return f
}

func (f *Fiche) issue(c Champ, code string) { f.Issues = append(f.Issues, Issue{c, code}) }

// read gives the text of a rule: its paths joined, else those of Else. It is absent
// when the source said nothing about any of them; ok is false for a value that
// is no scalar.
func (n *Normaliser) read(r *Record, rule Rule) (text string, state state, ok bool) {
	for _, paths := range [2]Paths{rule.Path, rule.Else} {
		var parts []string
		for _, path := range paths {
			raw, said := r.Values[path]
			if !said {
				continue
			}
			state = max(state, vide)
			s, scalar := Scalar(raw)
			if !scalar {
				return "", state, false
			}
			if name, listed := n.Lists[path][s]; listed {
				s = name
			}
			if s = clean(s); s != "" {
				parts = append(parts, s)
			}
		}
		if len(parts) > 0 {
			text = strings.Join(parts, " ")
			if ours, listed := rule.Values[text]; listed {
				text = ours
			}
			return text, dit, true
		}
	}
	return "", state, true
}

// clean puts a text in NFC, makes one blank of each run of blanks, and takes
// byte order marks and invisible characters away.
func clean(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// maxText is the longest value that is taken for one, in bytes.
const maxText = 500

// value normalises a text that is not blank as its kind wants it; a code says
// that it is wrong.
func (n *Normaliser) value(f *field, s string) (text, code string) {
	if s == "" {
		return "", ""
	}
	if len(s) > maxText || strings.ContainsFunc(s, unicode.IsControl) || strings.ContainsRune(s, '\ufffd') {
		return "", "RH-401"
	}
	ok := true
	switch f.Kind {
	case kindTitle:
		text, ok = lookup(titles, s)
	case kindDay:
		return n.day(f.Champ, s)
	case kindCountry:
		text, ok = country(s)
	case kindPhone:
		return phone(s)
	case kindMail:
		return mailbox(s)
	case kindYesNo:
		text, ok = lookup(answers, s)
	case kindCount:
		text, ok = count(s)
	case kindPayment:
		text, ok = lookup(payments, s)
	case kindNIR:
		return socialNumber(s)
	case kindAccount:
		text = identifiants.CompactIBAN(s)
		ok = identifiants.CheckIBAN(text) == nil
	case kindBank:
		text = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
		ok = identifiants.CheckBIC(text) == nil
	default:
		text = s
	}
	if !ok {
		return "", "RH-401"
	}
	return text, ""
}

var (
	titles   = map[string]string{"m": "M", "mr": "M", "monsieur": "M", "mme": "MME", "madame": "MME", "mlle": "MME", "mademoiselle": "MME", "ms": "MME", "mrs": "MME"}
	answers  = map[string]string{"true": "oui", "oui": "oui", "yes": "oui", "1": "oui", "vrai": "oui", "o": "oui", "false": "non", "non": "non", "no": "non", "0": "non", "faux": "non", "n": "non"}
	payments = map[string]string{"virement": "virement", "cheque": "cheque", "especes": "especes"}
)

func lookup(table map[string]string, s string) (string, bool) {
	text, known := table[strings.TrimSuffix(Fold(s), ".")]
	return text, known
}

// Fold is a text without case, accents and marks between words, for comparing
// what two programs have written of the same name.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae").Replace(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			if b.Len() > 0 && !strings.HasSuffix(b.String(), " ") {
				b.WriteByte(' ')
			}
		}
	}
	return strings.TrimSpace(b.String())
}

// openEnd is how the source writes that a contract has no end.
const openEnd = "9999-12-31"

// day normalises a date: births of living employees, other dates of a career.
func (n *Normaliser) day(c Champ, s string) (text, code string) {
	if strings.HasPrefix(s, openEnd) {
		return "", ""
	}
	d, ok := ParseAnyDate(s)
	if !ok {
		return "", "RH-401"
	}
	age := n.Today.Year - d.Year
	if c == ChampDateNaissance && (age < 14 || age > 100) || d.Year < 1900 || d.Year > n.Today.Year+60 {
		return "", "RH-401"
	}
	return d.String(), ""
}

// frenchDate reads 14/09/2026, as spreadsheets of the folder source have it.
func frenchDate(s string) (Date, bool) {
	if len(s) != 10 || s[2] != '/' || s[5] != '/' {
		return Date{}, false
	}
	return ParseDate(s[6:] + "-" + s[3:5] + "-" + s[:2])
}

// country gives the ISO 3166-1 code of two letters of a code.
func country(s string) (string, bool) {
	if len(s) != 2 && len(s) != 3 {
		return "", false
	}
	r, err := language.ParseRegion(s)
	if err != nil || !r.IsCountry() || len(r.String()) != 2 {
		return "", false
	}
	return r.String(), true
}

// phone writes a number as E.164. A national number is French.
func phone(s string) (text, code string) {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, strings.ReplaceAll(s, "(0)", ""))
	if strings.Trim(digits, "0+") == "" {
		return "", "RH-403"
	}
	switch {
	case strings.HasPrefix(digits, "00"):
		digits = "+" + digits[2:]
	case strings.HasPrefix(digits, "0") && len(digits) == 10:
		digits = "+33" + digits[1:]
	}
	if len(digits) < 9 || len(digits) > 16 || digits[0] != '+' || strings.ContainsRune(digits[1:], '+') || digits[1] == '0' {
		return "", "RH-401"
	}
	return digits, ""
}

// mailbox writes an address in lower case.
func mailbox(s string) (text, code string) {
	s = strings.ToLower(s)
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return "", "RH-401"
	}
	local, _, _ := strings.Cut(s, "@")
	if slices.Contains(placeholders, strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)) {
		return "", "RH-403"
	}
	return s, ""
}

// placeholders are the mailboxes that people type when there is none.
var placeholders = []string{"noemail", "nomail", "noreply", "pasdemail", "pasdemel", "sansmail", "sansemail", "aucun", "inconnu", "none"}

func count(s string) (string, bool) {
	s = strings.TrimSuffix(s, ".0")
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 99 {
		return "", false
	}
	return strconv.Itoa(n), true
}

// socialNumber gives the 15 characters of a NIR; the key is computed when the
// source has none.
func socialNumber(s string) (text, code string) {
	nir, key, err := identifiants.SplitNIR(s)
	if err != nil {
		return "", "RH-404"
	}
	want, err := identifiants.CleNIR(nir)
	if err != nil || key != "" && key != want {
		return "", "RH-404"
	}
	return nir + want, ""
}

// together judges values that only make sense beside each other.
func (n *Normaliser) together(f *Fiche) {
	start, end := f.Values.Text(ChampDebutContrat), f.Values.Text(ChampFinContrat)
	if start != "" && end != "" && start > end {
		f.Values.Forget(ChampFinContrat)
		f.issue(ChampFinContrat, "RH-405")
	}
	nir := f.Values.Text(ChampNIR)
	if nir == "" {
		return
	}
	said, err := identifiants.ReadNIR(nir[:13])
	if err != nil {
		return
	}
	if sex := map[string]byte{"M": '1', "MME": '2'}[f.Values.Text(ChampTitre)]; sex != 0 && said.Sexe != 0 && sex != said.Sexe {
		f.issue(ChampTitre, "RH-406")
	}
	birth, ok := ParseDate(f.Values.Text(ChampDateNaissance))
	if ok && (said.Annee != birth.String()[2:4] || said.Mois != 0 && said.Mois != birth.Month) {
		f.issue(ChampDateNaissance, "RH-406")
	}
}

// Usable reports whether a NIR may be a matching key: a number given while
// waiting for the real one may not.
func usableNIR(nir string) bool {
	if len(nir) != 15 {
		return false
	}
	said, err := identifiants.ReadNIR(nir[:13])
	return err == nil && !said.Provisoire
}
