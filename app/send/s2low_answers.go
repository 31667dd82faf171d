package send

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"paye/internal/fluxbook"
	"paye/pespj"
)

// readDeposit reads the answer to a deposit. All answers of the platform come
// with status 200: XML, or text that opens with KO, which also comes when the
// transaction exists and its XML could not be sent. What is neither an OK nor a
// known refusal is uncertain.
func readDeposit(status int, text []byte) Outcome {
	message := clipText(text)
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusNotFound:
		return Outcome{Issue: fluxbook.IssueNonParti, Message: message}
	case status == http.StatusRequestEntityTooLarge:
		return Outcome{Issue: fluxbook.IssueRefuse, Message: message}
	case status != http.StatusOK:
		return Outcome{Issue: fluxbook.IssueIncertain, Message: message}
	}
	var answer struct {
		XMLName  xml.Name `xml:"import"`
		ID       string   `xml:"id"`
		Resultat string   `xml:"resultat"`
		Message  string   `xml:"message"`
	}
	if err := unmarshal(text, &answer); err != nil {
		if bytes.HasPrefix(bytes.TrimSpace(text), []byte("KO")) && rights.MatchString(message) {
			return Outcome{Issue: fluxbook.IssueNonParti, Message: message}
		}
		return Outcome{Issue: fluxbook.IssueIncertain, Message: message}
	}
	id, said := strings.TrimSpace(answer.ID), clipText([]byte(answer.Message))
	switch {
	case answer.Resultat == "OK" && number.MatchString(id):
		return Outcome{Issue: fluxbook.IssueDepose, Transaction: id, Message: said}
	case answer.Resultat == "OK":
		return Outcome{Issue: fluxbook.IssueIncertain, Message: said}
	case answer.Resultat != "KO":
		return Outcome{Issue: fluxbook.IssueIncertain, Message: message}
	case duplicate.MatchString(said): // of the SHA-1 of the bytes: an earlier try arrived
		return Outcome{Issue: fluxbook.IssueDepose, Message: said}
	}
	return Outcome{Issue: fluxbook.IssueRefuse, Message: said}
}

var (
	number    = regexp.MustCompile(`^[0-9]{1,18}$`)
	duplicate = regexp.MustCompile(`(?i)doublon`)
	// rights are the words of the platform when the user, his certificate or
	// his rights are refused, before it looks at the file.
	rights = regexp.MustCompile(`(?i)authentifi|certificat|acc[eè]s (refus|interdit)|droits? (insuffisant|suffisant)|pas (les|le) droit|non autoris|module .*(d[eé]sactiv|non activ)`)
)

// readStatus reads the status of a transaction. Its XML is labelled ISO-8859-1
// whatever its bytes are.
func readStatus(status int, text []byte) (code, message string, err error) {
	var answer struct {
		XMLName  xml.Name `xml:"transaction"`
		Resultat string   `xml:"resultat"`
		Message  string   `xml:"message"`
		Status   string   `xml:"status"`
	}
	if status != http.StatusOK {
		return "", "", Codes.New(TdtRefuse, "s2low", http.StatusText(status))
	}
	if err := unmarshal(text, &answer); err != nil {
		return "", "", Codes.New(TdtRefuse, "s2low", clipText(text))
	}
	message = clipText([]byte(answer.Message))
	if answer.Resultat != "OK" {
		return "", "", Codes.New(TdtRefuse, "s2low", message)
	}
	return strings.TrimSpace(answer.Status), message, nil
}

// s2lowStates is what a status says of a flux; those that are not here say
// nothing new.
var s2lowStates = map[string]fluxbook.Etat{
	"-1": fluxbook.Refuse, "0": fluxbook.Refuse,
	"1": fluxbook.Depose, "2": fluxbook.Depose, "13": fluxbook.Depose, "14": fluxbook.Depose,
	"3": fluxbook.Transmis, "4": fluxbook.Transmis, "5": fluxbook.Transmis, "6": fluxbook.Transmis, "8": fluxbook.Transmis, "24": fluxbook.Transmis,
	"9": fluxbook.Transmis, "10": fluxbook.Transmis, "11": fluxbook.Transmis, "19": fluxbook.Transmis, "20": fluxbook.Transmis,
}

// mayHaveAcquit reports whether there may be an acknowledgment to fetch.
func mayHaveAcquit(code string) bool { return s2lowStates[code] == fluxbook.Transmis && code != "3" }

// isAcquit reports whether a text is an acknowledgment, and not a page.
func isAcquit(text []byte) bool {
	name, _, err := pespj.Root(bytes.NewReader(text), pespj.ReaderOptions{})
	return err == nil && (name == "PES_ACQUIT" || name == "PES_ACK" || name == "pes_nonacquit")
}

// unmarshal reads a small XML answer whose declared encoding may be untrue:
// bytes that are UTF-8 are taken as that.
func unmarshal(text []byte, v any) error {
	if !utf8.Valid(text) {
		decoded, err := charmap.ISO8859_1.NewDecoder().Bytes(text)
		if err != nil {
			return err
		}
		text = decoded
	}
	dec := xml.NewDecoder(bytes.NewReader(text))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the answer")
	}
	return nil
}

// clipText is a text of a platform on one line, at most 300 characters.
func clipText(text []byte) string {
	if !utf8.Valid(text) {
		text, _ = charmap.ISO8859_1.NewDecoder().Bytes(text)
	}
	s := strings.Join(strings.FieldsFunc(string(text), func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}
