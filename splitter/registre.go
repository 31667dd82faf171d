package splitter

// registre lists what a book has of every bulletin. It grows by pages: a slice is
// copied to grow, and takes more than twice its size meanwhile. A copy of the
// registre keeps the bulletins that it has while the original grows.
type registre[T any] struct {
	pages []*[perPage]T
	n     int
}

const perPage = 1024

func (r *registre[T]) len() int { return r.n }

// at returns what is known of bulletin i, which must be there.
func (r *registre[T]) at(i int) *T { return &r.pages[i/perPage][i%perPage] }

func (r *registre[T]) add(e T) {
	if r.n == len(r.pages)*perPage {
		r.pages = append(r.pages, new([perPage]T))
	}
	*r.at(r.n) = e
	r.n++
}
