package s3store

import (
	"net/http/httptest"
	"testing"
	"time"
)

func TestPlacesOfABucketThatAreRefused(t *testing.T) {
	good := Connexion{Adresse: "https://s3.example", Bucket: "coffre"}
	for name, change := range map[string]func(*Connexion){
		"no address":      func(c *Connexion) { c.Adresse = "" },
		"no scheme":       func(c *Connexion) { c.Adresse = "s3.example" },
		"in clear":        func(c *Connexion) { c.Adresse = "http://s3.example" },
		"with a password": func(c *Connexion) { c.Adresse = "https://a:b@s3.example" },
		"with a path":     func(c *Connexion) { c.Adresse = "https://s3.example/coffre" },
		"no bucket":       func(c *Connexion) { c.Bucket = "" },
		"endless":         func(c *Connexion) { c.Conservation = 1000 },
		"no authority":    func(c *Connexion) { c.Autorite = "-----BEGIN" },
	} {
		c := good
		change(&c)
		if c.Verify() == nil {
			t.Errorf("%s: %+v is accepted", name, c)
		}
		if _, err := c.Options("cle", "secret"); err == nil {
			t.Errorf("%s: a client is made", name)
		}
	}
	for _, address := range []string{"https://s3.example", "https://s3.example:9000/", "http://127.0.0.1:9000", "http://localhost:1"} {
		c := good
		c.Adresse = address
		if err := c.Verify(); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestBucketIsMadeOnceAndLocked(t *testing.T) {
	s := httptest.NewServer(newFake(time.Now))
	defer s.Close()
	o, err := Connexion{Adresse: s.URL, Bucket: "neuf", Region: "us-east-1", Conservation: 10}.Options("cle", "secret-secret")
	if err != nil {
		t.Fatal(err)
	}
	if days := o.Conservation.Hours() / 24; days < 3652 || days > 3653 {
		t.Errorf("blobs are locked for %.1f days, want ten years", days)
	}
	for range 2 {
		if err := Make(ctx, o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(ctx, o); err != nil {
		t.Errorf("the bucket that was made: %v", err)
	}
}
