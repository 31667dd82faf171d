package send

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"paye/internal/fluxbook"
)

// s2lowWay are the statuses of transactions in the order in which one takes
// them: one that moves on while the lists are asked for is met further down.
var s2lowWay = []string{"13", "14", "1", "2", "7", "3", "24", "4", "6", "5", "8", "19", "20", "9", "10", "11", "22", "0", "-1"}

const (
	// listed is how many transactions of a status are asked for: one list, since
	// pages would slide while transactions move on.
	listed = 1000
	// lookedAt is how many files are compared with a flux.
	lookedAt = 200
	// clockSlack is how far the platform's clock and day may be from ours.
	clockSlack = 48 * time.Hour
	// headSize is how much of a file is sure to hold its NomFic.
	headSize = 8 << 10
)

// Find looks a flux up among the transactions of the account's authority. The
// platform lists numbers only, by status, and only to an account of the role of
// archivist; the file of each is compared with the flux. What could not be
// looked at leaves it unknown whether the flux is there.
func (s *S2low) Find(ctx context.Context, e *Envelope) Outcome {
	var doubt error
	looked := make(map[string]bool)
	for _, status := range s2lowWay {
		ids, err := s.list(ctx, status, e.Since.Add(-clockSlack))
		if err != nil {
			return Outcome{Issue: fluxbook.IssueIncertain, Message: err.Error()}
		}
		for _, id := range ids {
			if looked[id] {
				continue
			}
			looked[id] = true
			if len(looked) > lookedAt {
				return Outcome{Issue: fluxbook.IssueIncertain, Message: Codes.New(ListeLongue, s.Name()).Error()}
			}
			same, err := s.holds(ctx, id, e)
			if same {
				return Outcome{Issue: fluxbook.IssueDepose, Transaction: id}
			}
			doubt = errors.Join(doubt, err)
		}
		if len(ids) >= listed {
			doubt = errors.Join(doubt, Codes.New(ListeLongue, s.Name()))
		}
	}
	if doubt != nil {
		return Outcome{Issue: fluxbook.IssueIncertain, Message: firstLine(doubt)}
	}
	return Outcome{Issue: fluxbook.IssueNonParti}
}

// firstLine is the first of several faults.
func firstLine(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}

// list returns the numbers of the transactions that are in a status since a
// day, the last ones first.
func (s *S2low) list(ctx context.Context, status string, since time.Time) ([]string, error) {
	code, text, err := s.get(ctx, s2lowList, url.Values{"status_id": {status}, "offset": {"0"}, "limit": {strconv.Itoa(listed)}, "min_date": {since.Format(time.DateOnly)}})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Transactions *[]struct {
			ID json.RawMessage `json:"id"`
		} `json:"transactions"`
		Error string `json:"error"`
	}
	err = json.Unmarshal(text, &answer)
	if code != http.StatusOK || err != nil || answer.Transactions == nil {
		said := answer.Error
		if said == "" {
			said = strings.TrimSpace(strconv.Itoa(code) + " " + http.StatusText(code))
		}
		return nil, Codes.New(ListeRefusee, s.Name(), said)
	}
	ids := make([]string, 0, len(*answer.Transactions))
	for _, t := range *answer.Transactions {
		id := strings.Trim(string(t.ID), `"`) // a text in recent versions, a number before
		if !number.MatchString(id) {
			return nil, Codes.New(ListeRefusee, s.Name(), "id")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// holds reports whether the file of a transaction is the flux. A file of the
// same name that differs is a fault: it is not known what happened.
func (s *S2low) holds(ctx context.Context, id string, e *Envelope) (bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+s2lowFile+"?id="+id, nil)
	if err != nil {
		return false, err
	}
	s.login(req)
	resp, err := s.client.Do(req)
	if err != nil {
		return false, fmt.Errorf("ask %s: %s", s.Name(), network(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK { // an error is a redirect to a page
		return false, Codes.New(FichierIllisible, s.Name(), id)
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, headSize))
	if err != nil {
		return false, Codes.New(FichierIllisible, s.Name(), id)
	}
	if !bytes.Contains(head, []byte("PES_Aller")) {
		return false, Codes.New(FichierIllisible, s.Name(), id) // a page
	}
	if !bytes.Contains(head, []byte(`"`+e.NomFic+`"`)) {
		return false, nil
	}
	ours, err := e.Open()
	if err != nil {
		return false, err
	}
	defer ours.Close()
	if !sameBytes(io.MultiReader(bytes.NewReader(head), resp.Body), ours) {
		return false, Codes.New(AutresOctets, s.Name(), id, e.NomFic)
	}
	return true, nil
}

// sameBytes reports whether two readers give the same bytes to their ends.
func sameBytes(a, b io.Reader) bool {
	var x, y [32 << 10]byte
	for {
		n, errA := io.ReadFull(a, x[:])
		m, errB := io.ReadFull(b, y[:])
		if !bytes.Equal(x[:n], y[:m]) {
			return false
		}
		endA, endB := ended(errA), ended(errB)
		if errA != nil || errB != nil {
			return endA && endB
		}
	}
}

func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
