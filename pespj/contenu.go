package pespj

import (
	"errors"
	"io"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/sixbits"
	"paye/internal/xmlr"
)

// texteFichier is the text of a Fichier element as a reader of raw base64. It
// counts as xs:base64Binary wants: libxml2 passes over foreign characters, so
// that these are our own fault to find.
type texteFichier struct {
	v       *validator
	reste   []byte
	ended   bool
	err     error
	lu      bool  // there was something but blanks
	offset  int64 // where Fichier starts, for what is said of its content
	ligne   int64
	chemin  string
	compte  int64 // characters of the alphabet
	pads    int
	dernier byte // the last character of the alphabet
	apres   bool // a character of the alphabet follows the padding
	foreign bool // a character is none of base64, which Java refuses and libxml2 passes over
}

// Read gives the text of the element, references and CDATA resolved. At io.EOF
// the end tag has been consumed.
func (t *texteFichier) Read(p []byte) (int, error) {
	for len(t.reste) == 0 {
		if t.ended || t.err != nil {
			if t.err != nil {
				return 0, t.err
			}
			return 0, io.EOF
		}
		t.pull()
	}
	n := copy(p, t.reste)
	t.reste = t.reste[n:]
	return n, nil
}

// pull takes the next run of text.
func (t *texteFichier) pull() {
	j, err := t.v.next()
	switch {
	case err != nil:
		t.v.schemaValide = false
		t.err = err
	case j == xmlr.Data:
		if t.v.saut > 0 {
			return
		}
		t.count(t.v.Text, t.v.Class)
		t.reste = t.v.Text
	case j == xmlr.Opened:
		if t.v.saut == 0 {
			t.err = t.v.enfant() // says that no element may stand here
		}
	case j == xmlr.Closed:
		if t.v.saut > 0 {
			if t.v.Depth() < t.v.saut {
				t.v.saut = 0
				t.v.pile = t.v.pile[:len(t.v.pile)-1]
			}
			return
		}
		t.ended = true
	}
}

func (t *texteFichier) count(text []byte, class xmlr.Class) {
	if class == xmlr.Base64 && t.pads == 0 {
		t.compte += int64(len(text))
		t.dernier = text[len(text)-1]
		t.lu = true
		return
	}
	t.lu = t.lu || class&^xmlr.Blank != 0
	t.foreign = t.foreign || class&xmlr.Foreign != 0
	for _, b := range text {
		switch {
		case b == '=':
			t.pads++
		case xmlr.Classes[b]&xmlr.Base64 == 0:
		case t.pads > 0:
			t.apres = true
		default:
			t.compte++
			t.dernier = b
		}
	}
}

// lexical is the verdict of libxml2 on xs:base64Binary.
func (t *texteFichier) lexical() bool {
	if t.apres {
		return false
	}
	switch t.pads {
	case 0:
		return t.compte%4 == 0
	case 1:
		return t.compte%4 == 3 && sixbits.Values[t.dernier]&0x03 == 0
	case 2:
		return t.compte%4 == 2 && sixbits.Values[t.dernier]&0x0F == 0
	}
	return false
}

// contenuPJ expands the content of a piece and knows what was wrong with it.
type contenuPJ struct {
	texte  *texteFichier
	base64 *compress.Base64Reader
	gz     compteur // compressed bytes
	limits compress.Limits
	gunzip *compress.Gunzip
	octets int64 // expanded bytes given
	debut  [4]byte
	faute  *anomalie.Anomalie // of the content, nil while it is sound
	err    error              // what Read returns from now on
}

// compteur counts what is read through it and keeps its first bytes.
type compteur struct {
	r     io.Reader
	n     int64
	debut [2]byte
}

func (c *compteur) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.n < int64(len(c.debut)) {
		copy(c.debut[c.n:], p[:n])
	}
	c.n += int64(n)
	return n, err
}

func newContenuPJ(t *texteFichier, max int64) *contenuPJ {
	decoded := compress.NewBase64Reader(t)
	return &contenuPJ{texte: t, base64: decoded, gz: compteur{r: decoded}, limits: compress.Limits{Bytes: max}}
}

// release gives the buffers back: a flux of many tiny pieces costs no more
// than one of a large piece.
func (c *contenuPJ) release() {
	c.base64.Release()
	if c.gunzip != nil {
		c.gunzip.Release()
	}
}

// Read gives the expanded bytes. A fault of the content is an anomaly, after
// the sound bytes before it.
func (c *contenuPJ) Read(p []byte) (int, error) {
	if c.err != nil || len(p) == 0 {
		return 0, c.err
	}
	if c.gunzip == nil {
		var err error
		if c.gunzip, err = compress.NewGunzip(&c.gz, c.limits); err != nil {
			return 0, c.fail(err)
		}
	}
	n, err := c.gunzip.Read(p)
	if c.octets < int64(len(c.debut)) {
		copy(c.debut[c.octets:], p[:n])
	}
	c.octets += int64(n)
	if err != nil {
		return n, c.fail(err)
	}
	return n, nil
}

// codesDeCompress turns what is wrong with the bytes into what that means for
// a piece.
var codesDeCompress = map[string]string{
	compress.Base64Intrus:  codeBase64,
	compress.Base64Bourre:  codeBase64,
	compress.Base64Tronque: codeBase64,
	compress.GzipInconnu:   codePasGzip,
	compress.GzipTronque:   codeGzipTronque,
	compress.GzipCorrompu:  codeGzipDonnees,
	compress.GzipCRC:       codeGzipCRC,
	compress.GzipLongueur:  codeGzipCRC,
	compress.GzipSuite:     codeGzipSuite,
	compress.TailleLimite:  codeBombe,
	compress.RatioLimite:   codeBombe,
}

func (c *contenuPJ) fail(err error) error {
	c.err = err
	if err == io.EOF {
		return err
	}
	var a *anomalie.Anomalie
	if !errors.As(err, &a) {
		return err
	}
	code, ours := codesDeCompress[a.Code]
	if !ours {
		return err // of the document itself, or of what is below
	}
	switch {
	case code == codeGzipTronque && c.gz.n == 0 && !c.texte.lu:
		code = codeFichierVide
	case code == codeGzipTronque && (c.gz.n < 2 || c.gz.debut != gzipMagic):
		code = codePasGzip
	}
	c.faute = Codes.New(code).At(c.texte.v.fichier, c.texte.offset, c.texte.ligne)
	c.faute.Chemin = c.texte.chemin
	c.faute.Trouve = a.Trouve
	c.err = c.faute
	return c.err
}

// drain reads what is left: of the content while it is sound, so that its end
// is checked, then of the text. It returns the errors of the document and of
// the reader below, never those of the content.
func (c *contenuPJ) drain(buf []byte) error {
	for c.err == nil {
		c.Read(buf)
	}
	for !c.texte.ended && c.texte.err == nil {
		c.texte.pull()
	}
	c.texte.reste = nil
	if c.texte.err != nil {
		return c.texte.err
	}
	if c.err != io.EOF && c.faute == nil {
		return c.err
	}
	return nil
}
