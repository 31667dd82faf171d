package etats

import "testing"

func TestEveryCodeSpeaksBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
	for c := CauseChamp; c <= CauseGenerale; c++ {
		if err := c.Text().Verify(); err != nil {
			t.Errorf("cause %d: %v", c, err)
		}
	}
}

func TestTheTableOfPiecesHasBothListsForEverySituation(t *testing.T) {
	p := DefaultPieces()
	for key := range p.regles {
		if p.regles[[2]string{Liste22, key[1]}] == nil || p.regles[[2]string{Liste21, key[1]}] == nil {
			t.Errorf("one of the lists has no %s", key[1])
		}
	}
}
