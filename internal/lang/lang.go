// Package lang holds texts for people in French and in English.
//
// Every package that speaks to people keeps one table of [Text] values, its
// catalogue; a test calls [Verify] on it, so that no message exists in one
// language only. Codes, keys and JSON are never translated.
//
// Glossary:
//
//	Language  a language of the messages: French (the default) or English
//	Text   one message in both languages, with fmt verbs
package lang

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Language is a language of the messages. The zero Language is French.
type Language uint8

const (
	French Language = iota
	English
)

var printers = [...]*message.Printer{
	French:  message.NewPrinter(language.French),
	English: message.NewPrinter(language.English),
}

var matcher = language.NewMatcher([]language.Tag{language.French, language.English})

// Choose returns the language for a wish such as "fr", "en-GB" or a locale
// such as "en_US.UTF-8"; "C", "POSIX", an empty or an unknown wish give
// French.
func Choose(wish string) Language {
	wish, _, _ = strings.Cut(wish, ".")
	tag, err := language.Parse(strings.ReplaceAll(wish, "_", "-"))
	if err != nil {
		return French
	}
	if _, index, confidence := matcher.Match(tag); confidence > language.No && index == 1 {
		return English
	}
	return French
}

// Connue reports whether tag is one of the languages that --lang takes.
func Connue(tag string) bool { return tag == "fr" || tag == "en" }

func (l Language) String() string {
	if l == English {
		return "en"
	}
	return "fr"
}

// Text is a message in both languages. The two hold the same fmt verbs, with
// explicit indexes where the order of the words differs. Words that agree with a
// number have a marker: "%d pièce{s} {manque|manquent}".
type Text struct{ FR, EN string }

// In returns the message in language l with its verbs filled, and its words in
// agreement with its numbers. Numbers are grouped as the language does; pass an
// identifier as a string, so that it is left alone. Errors are told in the
// language, as [Say] does. Without arguments the message is given as it stands.
func (t Text) In(l Language, args ...any) string {
	s := t.FR
	if l == English {
		s = t.EN
	}
	if len(args) == 0 {
		return s
	}
	if strings.IndexByte(s, '{') >= 0 {
		s = agree(s, func(arg int) bool { return arg < 1 || arg > len(args) || several(l, args[arg-1]) })
	}
	return printers[l].Sprintf(s, said(l, args)...)
}

// Format prints the message in the language of the message that it is an
// argument of, French when that is not known.
func (t Text) Format(f fmt.State, _ rune) {
	l := French
	if printer, ok := f.(interface{ Language() language.Tag }); ok {
		l = Choose(printer.Language().String())
	}
	_, _ = io.WriteString(f, t.In(l)) // the State of a Sprintf takes all
}

// Phrase is a Text with its arguments. As an argument of a message it prints in
// the language of that message.
type Phrase struct {
	Text
	Args []any
}

// With gives a text its arguments.
func (t Text) With(args ...any) Phrase { return Phrase{t, args} }

// Format prints the phrase, as [Text.Format] does.
func (p Phrase) Format(f fmt.State, _ rune) {
	l := French
	if printer, ok := f.(interface{ Language() language.Tag }); ok {
		l = Choose(printer.Language().String())
	}
	_, _ = io.WriteString(f, p.In(l, p.Args...)) // the State of a Sprintf takes all
}

// Verify returns an error for a text that lacks one of its languages, whose
// languages do not use the same verbs, or whose markers are not well formed.
func (t Text) Verify() error {
	if strings.TrimSpace(t.FR) == "" || strings.TrimSpace(t.EN) == "" {
		return fmt.Errorf("text lacks a language: fr %q, en %q", t.FR, t.EN)
	}
	if fr, en := verbs(t.FR), verbs(t.EN); fr != en {
		return fmt.Errorf("verbs differ: fr %q has %s, en %q has %s", t.FR, fr, t.EN, en)
	}
	return cmp.Or(marked(t.FR), marked(t.EN))
}

// verbs lists which argument is printed with which verb, in argument order.
func verbs(s string) string {
	var byArg [16]string
	next := 1
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		arg, verb, end := verbAt(s, i, next)
		if verb != 0 && verb != '%' && arg > 0 && arg < len(byArg) {
			byArg[arg] += string(verb)
			next = arg + 1
		}
		i = end - 1
	}
	var b strings.Builder
	for arg, v := range byArg {
		if v != "" {
			fmt.Fprintf(&b, "[%d]%s", arg, v[:1])
		}
	}
	return b.String()
}

// verbAt reads the verb whose % is at i of a text: the argument that it prints,
// the next one unless it names another, and where it ends.
func verbAt(s string, i, next int) (arg int, verb byte, end int) {
	arg = next
	for i++; i < len(s) && strings.IndexByte("+-# 0123456789.[]", s[i]) >= 0; i++ {
		if s[i] == '[' {
			arg = 0
			for i++; i < len(s) && s[i] != ']'; i++ {
				arg = arg*10 + int(s[i]-'0')
			}
		}
	}
	if i >= len(s) {
		return arg, 0, len(s)
	}
	return arg, s[i], i + 1
}
