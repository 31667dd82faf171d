package depot

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"paye/due"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/xmlw"
)

// Codes is every anomaly of the deposit.
var Codes = anomalie.NewRegistre(
	anomalie.Regle{Code: "DUE-D01", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "le dépôt par API est éteint : aucune adresse n'est réglée", EN: "the deposit through an API is off: no address is set"}},
	anomalie.Regle{Code: "DUE-D02", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "l'adresse du dépôt doit être en https", EN: "the address of the deposit must be https"}},
	anomalie.Regle{Code: "DUE-D03", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "l'authentification est refusée", EN: "the authentication is refused"}},
	anomalie.Regle{Code: "DUE-D04", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "le service a répondu %s", EN: "the service answered %s"}},
	anomalie.Regle{Code: "DUE-D05", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "la réponse du service dépasse %d octets", EN: "the answer of the service exceeds %d bytes"}},
)

// Depot is a deposit channel.
type Depot interface {
	// Authenticate gives a token. The password is not kept.
	Authenticate(ctx context.Context, who Declarant) (Jeton, error)
	// Deposit deposits an FR_DUE_Upload, and returns the AEE or the ARE with
	// its bytes, which [due.Registre.ReceiveRetour] wants. A rejection is an
	// answer, not an error.
	Deposit(ctx context.Context, j Jeton, upload []byte) (*due.Retour, []byte, error)
	// ListReturns gives the list of the returns of a flux, as it came.
	ListReturns(ctx context.Context, j Jeton, idFlux string) ([]byte, error)
	// Download gives one return, by the address that the list has for it.
	Download(ctx context.Context, j Jeton, address string) ([]byte, error)
}

// Declarant is who deposits.
type Declarant struct {
	SIRET, Nom, Prenom, MotDePasse string
	Service                        string // "25" was seen for hiring declarations
}

// Jeton is a token; it prints masked.
type Jeton string

func (Jeton) Format(f fmt.State, _ rune) { io.WriteString(f, "jeton") }

// Adresses are where a service is. The zero Adresses is none, and the client
// is off.
type Adresses struct {
	Authentification string
	Depot            string
	Retours          string // the idflux is added to it
}

// Client is a channel over HTTP. HTTP is needed; its redirections are not
// followed.
type Client struct {
	Adresses Adresses
	HTTP     *http.Client
}

var _ Depot = (*Client)(nil)

// maxReponse is the largest answer that is read, in bytes.
const maxReponse = 16 << 20

// Authenticate asks for a token.
func (c *Client) Authenticate(ctx context.Context, who Declarant) (Jeton, error) {
	var w xmlw.Writer
	w.Declaration()
	w.Start("identifiants")
	for _, f := range [...][2]string{{"siret", who.SIRET}, {"nom", who.Nom}, {"prenom", who.Prenom}, {"motdepasse", who.MotDePasse}, {"service", who.Service}} {
		w.Start(f[0])
		w.Text(f[1])
		w.End()
	}
	w.End()
	body, err := w.Bytes()
	if err != nil {
		return "", fmt.Errorf("write the identification: %w", err)
	}
	status, text, err := c.do(ctx, http.MethodPost, c.Adresses.Authentification, "", body, "")
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(text))
	switch {
	case status == http.StatusUnauthorized || status == http.StatusUnprocessableEntity:
		return "", Codes.New("DUE-D03")
	case status != http.StatusOK:
		return "", Codes.New("DUE-D04", http.StatusText(status))
	case token == "" || strings.ContainsAny(token, " \r\n"):
		return "", Codes.New("DUE-D03")
	}
	return Jeton(token), nil
}

// Deposit deposits the gzip of upload.
func (c *Client) Deposit(ctx context.Context, j Jeton, upload []byte) (*due.Retour, []byte, error) {
	var body bytes.Buffer
	zw := gzip.NewWriter(&body)
	if _, err := zw.Write(upload); err != nil {
		return nil, nil, fmt.Errorf("compress the deposit: %w", err)
	}
	if err := zw.Close(); err != nil {
		return nil, nil, fmt.Errorf("compress the deposit: %w", err)
	}
	status, text, err := c.do(ctx, http.MethodPost, c.Adresses.Depot, j, body.Bytes(), "gzip")
	if err != nil {
		return nil, nil, err
	}
	if status != http.StatusOK && status != http.StatusUnprocessableEntity {
		if status == http.StatusUnauthorized {
			return nil, nil, Codes.New("DUE-D03")
		}
		return nil, nil, Codes.New("DUE-D04", http.StatusText(status))
	}
	r, err := due.ReadRetour(bytes.NewReader(text), "depot", due.Correspondance{})
	if err != nil && status == http.StatusUnprocessableEntity {
		return nil, nil, Codes.New("DUE-D03") // a 422 without an ARE refuses the token
	}
	return r, text, err
}

// ListReturns asks for the list of the returns of a flux.
func (c *Client) ListReturns(ctx context.Context, j Jeton, idFlux string) ([]byte, error) {
	address := c.Adresses.Retours
	if address != "" {
		address = strings.TrimSuffix(address, "/") + "/" + url.PathEscape(idFlux)
	}
	return c.get(ctx, j, address)
}

// Download asks for one return. Its address must be on the host of Retours:
// the token goes nowhere else.
func (c *Client) Download(ctx context.Context, j Jeton, address string) ([]byte, error) {
	base, err := url.Parse(c.Adresses.Retours)
	if err != nil || base.Host == "" {
		return nil, Codes.New("DUE-D01")
	}
	ref, err := base.Parse(address)
	if err != nil || ref.Host != base.Host || ref.Scheme != base.Scheme {
		return nil, Codes.New("DUE-D02")
	}
	return c.get(ctx, j, ref.String())
}

func (c *Client) get(ctx context.Context, j Jeton, address string) ([]byte, error) {
	status, text, err := c.do(ctx, http.MethodGet, address, j, nil, "")
	if err != nil {
		return nil, err
	}
	if status == http.StatusUnauthorized {
		return nil, Codes.New("DUE-D03")
	}
	if status != http.StatusOK {
		return nil, Codes.New("DUE-D04", http.StatusText(status))
	}
	return text, nil
}

func (c *Client) do(ctx context.Context, method, address string, j Jeton, body []byte, encoding string) (int, []byte, error) {
	if address == "" {
		return 0, nil, Codes.New("DUE-D01")
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !loopback(u.Hostname()) {
		return 0, nil, Codes.New("DUE-D02")
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("prepare the request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/xml")
	}
	if encoding != "" {
		req.Header.Set("Content-Encoding", encoding)
	}
	if j != "" {
		req.Header.Set("Authorization", "DSNLogin jeton="+string(j))
	}
	client := *c.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("reach the deposit service: %w", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxReponse+1))
	if err != nil {
		return 0, nil, fmt.Errorf("read the answer of the deposit service: %w", err)
	}
	if len(text) > maxReponse {
		return 0, nil, Codes.New("DUE-D05", maxReponse)
	}
	return resp.StatusCode, text, nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
