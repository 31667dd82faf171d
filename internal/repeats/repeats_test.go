package repeats

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
)

func text(n int) []byte { return bytes.Repeat([]byte(fmt.Sprintf("%08d", n)), Least/8) }

func TestWhatCameLastIsKept(t *testing.T) {
	var o Of[string, int]
	for n := range 10 {
		o.Keep("a", text(n), n)
		if made, known := o.Find("a", text(0)); n < 10 && (!known || made != 0) {
			t.Fatalf("what is asked for all the time is forgotten after %d others", n)
		}
	}
	for n := 1; n < 10; n++ {
		made, known := o.Find("a", text(n))
		if want := n > 10-kept; known != want || known && made != n {
			t.Errorf("text %d: known %v, %d", n, known, made)
		}
	}
	if _, known := o.Find("b", text(9)); known {
		t.Error("known on other terms")
	}
}

func TestBeginsIsThePrefix(t *testing.T) {
	var o Of[int, string]
	o.Keep(1, text(1), "one")
	long := append(text(1), "and more"...)
	if got, made := o.Begins(1, long); !bytes.Equal(got, text(1)) || made != "one" {
		t.Errorf("%d bytes, %q", len(got), made)
	}
	for _, b := range [][]byte{nil, text(1)[:Least-1], text(2)} {
		if got, _ := o.Begins(1, b); got != nil {
			t.Errorf("%d bytes begin with %d", len(b), len(got))
		}
	}
}

func TestShortAndLongTextsAreLeft(t *testing.T) {
	var o Of[int, int]
	for _, b := range [][]byte{nil, []byte("short"), make([]byte, Most+1)} {
		if o.Keep(0, b, 1); o.list[0].text != nil {
			t.Errorf("%d bytes are kept", len(b))
		}
	}
}

func TestManyAskAtOnce(t *testing.T) {
	var o Of[int, int]
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := range 200 {
				n := (w + i) % 6
				if made, known := o.Find(0, text(n)); known && made != n {
					t.Errorf("text %d is %d", n, made)
				}
				o.Keep(0, text(n), n)
			}
		})
	}
	all.Wait()
}
