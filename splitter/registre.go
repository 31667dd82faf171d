package splitter

// registre lists the bulletins of a book. It grows by pages: a slice is copied
// to grow, and takes more than twice its size meanwhile. A copy of the registre
// keeps the bulletins that it has while the original grows.
type registre struct {
	pages []*[perPage]entry
	n     int
}

const perPage = 1024

func (r *registre) len() int { return r.n }

// at returns bulletin i, which must be there.
func (r *registre) at(i int) *entry { return &r.pages[i/perPage][i%perPage] }

func (r *registre) add(e entry) {
	if r.n == len(r.pages)*perPage {
		r.pages = append(r.pages, new([perPage]entry))
	}
	*r.at(r.n) = e
	r.n++
}
