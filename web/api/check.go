package api

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"paye/app/check"
	"paye/app/send"
	"paye/app/states"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/pespj"
)

// Limits of bodies.
const (
	maxCheck  = 4 << 30
	maxAcquit = 32 << 20
)

// verdict is the answer of a check.
type verdict struct {
	OK             bool      `json:"ok"` // nothing prevents sending
	Erreurs        int       `json:"erreurs"`
	Avertissements int       `json:"avertissements"`
	Fichiers       []fichier `json:"fichiers"`
	Anomalies      []compte  `json:"anomalies"`
}

type fichier struct {
	Nom       string `json:"nom"`
	Genre     string `json:"genre"`
	Octets    int64  `json:"octets"`
	Schema    bool   `json:"schema_valide"`
	Bulletins int    `json:"bulletins"`
	Pieces    int    `json:"pieces"`
	Siret     string `json:"siret,omitempty"`
	Annee     string `json:"annee,omitempty"`
	Mois      string `json:"mois,omitempty"`
	NomFic    string `json:"nomfic,omitempty"`
}

type compte struct {
	Code     string               `json:"code"`
	Gravite  string               `json:"gravite"`
	N        int                  `json:"n"`
	Message  string               `json:"message"`
	Aide     string               `json:"aide,omitempty"`
	Exemples []*anomalie.Anomalie `json:"exemples,omitempty"`
}

// check judges the file that is the body.
func (a *API) check(w http.ResponseWriter, r *http.Request, _ string) error {
	o := check.Options{Tolerant: r.URL.Query().Get("tolerant") == "oui"}
	if s := r.URL.Query().Get("limit"); s != "" {
		var err error
		if o.Limite, err = pespj.ParseLimit(s); err != nil {
			return err
		}
	}
	name := filepath.Base(r.URL.Query().Get("nom"))
	if name == "." || name == "/" || strings.HasPrefix(name, "..") || strings.ContainsRune(name, 0) {
		name = "fichier"
	}
	rapport, err := a.judge(r.Context(), name, http.MaxBytesReader(w, r.Body, maxCheck), o)
	if err != nil {
		return err
	}
	write(w, "application/json", http.StatusOK, verdictOf(rapport, language(r)))
	return nil
}

// judge judges a body while it comes, where its kind allows that and not too many
// are under way: each holds memory for as long as its sender takes. Else it is
// written down first.
func (a *API) judge(ctx context.Context, name string, body io.Reader, o check.Options) (*check.Rapport, error) {
	select {
	case a.streams <- struct{}{}:
		defer func() { <-a.streams }()
		whole := bufio.NewReaderSize(body, check.StreamHead)
		rapport, told, err := check.Stream(ctx, name, whole, o)
		if told || err != nil {
			return rapport, err
		}
		body = whole
	default:
	}
	scratch, err := durable.NewScratch(a.o.Spool, "controle-")
	if err != nil {
		return nil, fmt.Errorf("write what is to be checked: %w", err)
	}
	defer scratch.Close()
	path := filepath.Join(scratch.Dir, name)
	if err := save(path, body); err != nil {
		return nil, err
	}
	return check.Check(ctx, []string{path}, o)
}

func language(r *http.Request) lang.Language {
	return lang.Choose(strings.SplitN(r.Header.Get("Accept-Language"), ",", 2)[0])
}

func save(path string, body io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write what came: %w", err)
	}
	_, err = io.Copy(f, body)
	return errors.Join(err, f.Close())
}

func verdictOf(r *check.Rapport, l lang.Language) verdict {
	found := r.Observe(20)
	v := verdict{OK: found.Erreurs == 0, Erreurs: found.Erreurs, Avertissements: found.Avertissements, Fichiers: []fichier{}, Anomalies: []compte{}}
	for _, f := range r.Fichiers {
		one := fichier{Nom: filepath.Base(f.Nom), Genre: f.Genre.String(), Octets: f.Octets, Schema: f.Conforme, Pieces: f.Pieces}
		for _, j := range f.Journaux {
			if j.Bilan == nil {
				continue
			}
			one.Bulletins += j.Bilan.Bulletins
			if e := j.Bilan.Entete; e != nil {
				one.Siret, one.Annee, one.Mois = e.Employeur.Siret, e.Annee, e.Mois
			}
		}
		if f.Flux != nil {
			one.NomFic = f.Flux.NomFic
		}
		v.Fichiers = append(v.Fichiers, one)
	}
	for _, c := range found.Comptes() {
		title, _ := c.Titre(l)
		one := compte{Code: c.Code, Gravite: c.Gravite.String(), N: c.N, Message: title}
		for _, e := range c.Exemples {
			e.Fichier = filepath.Base(e.Fichier)
			one.Exemples = append(one.Exemples, e)
			one.Aide = e.OnPage(l)
		}
		v.Anomalies = append(v.Anomalies, one)
	}
	return v
}

// variations compares the two journals of a form.
func (a *API) variations(w http.ResponseWriter, r *http.Request, _ string) error {
	scratch, err := durable.NewScratch(a.o.Spool, "variations-")
	if err != nil {
		return fmt.Errorf("write what is to be compared: %w", err)
	}
	defer scratch.Close()
	r.Body = http.MaxBytesReader(w, r.Body, maxCheck)
	parts, err := r.MultipartReader()
	if err != nil {
		return Codes.New(TwoMonths)
	}
	q := &states.VariationsRequest{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		_, params, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		to := map[string]*[]string{"avant": &q.Avant, "apres": &q.Apres}[part.FormName()]
		if to == nil {
			continue
		}
		path := filepath.Join(scratch.Dir, part.FormName()+filepath.Ext(filepath.Base(params["filename"])))
		if err := save(path, part); err != nil {
			return err
		}
		*to = append(*to, path)
	}
	if len(q.Avant) != 1 || len(q.Apres) != 1 {
		return Codes.New(TwoMonths)
	}
	c, err := states.Variations(r.Context(), q, &states.Watch{})
	if err != nil {
		return err
	}
	answer := map[string]any{"synthese": states.SynthesisLine(c)}
	for _, t := range states.VariationTables(c, &states.Look{Language: language(r), Masked: true}) {
		rows := []any{}
		if err := t.JSON(func(row any) error { rows = append(rows, row); return nil }); err != nil {
			return err
		}
		answer[t.Name] = rows
	}
	write(w, "application/json", http.StatusOK, answer)
	return nil
}

// acquit applies an acknowledgment to the book.
func (a *API) acquit(w http.ResponseWriter, r *http.Request, login string) error {
	var text bytes.Buffer
	if _, err := text.ReadFrom(http.MaxBytesReader(w, r.Body, maxAcquit)); err != nil {
		return err
	}
	follows, err := a.o.Console.Answers(r.Context(), login, text.Bytes())
	if err != nil {
		return err
	}
	if !follows {
		return Codes.New(NotFollowed)
	}
	got, err := send.AcquitBytes(r.Context(), a.o.Console.Book(login), "acquittement", text.Bytes())
	if err != nil {
		return err
	}
	if got.Faute != nil {
		return got.Faute
	}
	write(w, "application/json", http.StatusOK, map[string]any{"nomfic": got.Acquit.Flux.NomFic, "refus": got.Refus(), "avis": got.Avis})
	return nil
}

// flux is a flux as programs see it.
type flux struct {
	Siret    string `json:"siret"`
	Annee    int    `json:"annee"`
	Mois     int    `json:"mois"`
	NomFic   string `json:"nomfic"`
	CodCol   string `json:"codcol"`
	Etat     string `json:"etat"`
	Octets   int64  `json:"octets"`
	SHA256   string `json:"sha256"`
	Pieces   int    `json:"pieces"`
	Acceptes int    `json:"acceptees"`
	Refuses  int    `json:"refusees"`
	EnRetard bool   `json:"en_retard"`
}

// page is how many rows an answer lists.
const page = 100

// fluxes lists those that the account follows, by pages.
func (a *API) fluxes(w http.ResponseWriter, r *http.Request, login string) error {
	list, err := a.o.Console.Fluxes(r.Context(), login, fluxbook.Filtre{Siret: r.URL.Query().Get("siret")})
	if err != nil {
		return err
	}
	from := 0
	if after := r.URL.Query().Get("apres"); after != "" {
		for i, f := range list {
			if f.NomFic+" "+f.CodCol == after {
				from = i + 1
			}
		}
	}
	to := min(from+page, len(list))
	answer := struct {
		Fluxes []flux `json:"fluxes"`
		Apres  string `json:"apres,omitempty"` // cursor of the next page
	}{Fluxes: []flux{}}
	for _, f := range list[from:to] {
		answer.Fluxes = append(answer.Fluxes, flux{f.Siret, f.Annee, f.Mois, f.NomFic, f.CodCol, string(f.Etat), f.Octets, f.SHA256, f.Pieces, f.Acceptes, f.Refuses, f.LateAt(a.o.Console.Now())})
	}
	if to < len(list) {
		answer.Apres = list[to-1].NomFic + " " + list[to-1].CodCol
	}
	write(w, "application/json", http.StatusOK, answer)
	return nil
}

// status says who asks and what this is.
func (a *API) status(w http.ResponseWriter, _ *http.Request, login string) error {
	write(w, "application/json", http.StatusOK, map[string]string{"version": a.o.Version, "compte": login})
	return nil
}
