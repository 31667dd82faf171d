package run

import (
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// AppendBulletinJSON appends the line {"bulletin":…} of a run, with its end of
// line.
func AppendBulletinJSON(dst []byte, b *xhl.Bulletin) []byte {
	return appendLine(dst, keyBulletin, xhl.Table.Bulletin, b)
}

// AppendEnteteJSON appends the line {"entete":…}.
func AppendEnteteJSON(dst []byte, e *xhl.Entete) []byte {
	return appendLine(dst, keyEntete, xhl.Table.Entete, e)
}

// AppendEtablissementJSON appends the line {"etablissement":…} that begins a
// DonneesIndiv; etab may be nil.
func AppendEtablissementJSON(dst []byte, etab *xhl.Etablissement) []byte {
	if etab == nil {
		return append(dst, `{"etablissement":null}`+"\n"...)
	}
	return appendLine(dst, keyEtablissement, xhl.Table.Etablissement, etab)
}

// AppendNomenclaturesJSON appends the line {"nomenclatures":…}.
func AppendNomenclaturesJSON(dst []byte, n *xhl.Nomenclatures) []byte {
	return appendLine(dst, keyNomenclatures, xhl.Table.Nomenclatures, n)
}

// AppendRepartitionJSON appends the line {"repartition":[…]}.
func AppendRepartitionJSON(dst []byte, r *xhl.RepartitionParNature) []byte {
	dst = append(dst, `{"repartition":`...)
	dst = appendJSONArray(dst, xhl.Table.RepartitionParNature.Children[0], r)
	return append(dst, "}\n"...)
}

func appendLine(dst []byte, key string, e *schema.Element, v any) []byte {
	dst = append(append(append(dst, `{"`...), key...), `":`...)
	dst = appendJSON(dst, e, v)
	return append(dst, "}\n"...)
}

func appendJSON(dst []byte, e *schema.Element, v any) []byte {
	chosen := e.Chosen(v)
	dst = append(dst, '{')
	first := true
	key := func(name string) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(append(append(dst, '"'), name...), `":`...)
	}
	for _, c := range e.Children {
		switch {
		case c.Text != nil:
			s := *c.Text(v)
			if s == "" && (!c.Value.CanBeEmpty() || c.Choice != 0 && c.Choice != chosen) {
				continue
			}
			key(c.Name)
			dst = appendJSONString(dst, s)
		case c.Opt != nil:
			if s, set := c.Opt(v).Get(); set {
				key(c.Name)
				dst = appendJSONString(dst, s)
			}
		case c.Many:
			if c.Empty(v) {
				continue
			}
			key(c.Name)
			dst = appendJSONArray(dst, c, v)
		default:
			if child, _ := c.At(v, 0); child != nil {
				key(c.Name)
				dst = appendJSON(dst, c, child)
			}
		}
	}
	return append(dst, '}')
}

func appendJSONArray(dst []byte, c *schema.Element, v any) []byte {
	dst = append(dst, '[')
	for i, cursor := 0, 0; ; i++ {
		var text *string
		var child any
		if c.Item != nil {
			text = c.Item(v, i)
		} else {
			child, cursor = c.At(v, cursor)
		}
		if text == nil && child == nil {
			return append(dst, ']')
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		if text != nil {
			dst = appendJSONString(dst, *text)
		} else {
			dst = appendJSON(dst, c, child)
		}
	}
}

func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		}
	}
	return append(append(dst, s[from:]...), '"')
}
