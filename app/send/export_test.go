package send

import (
	"net/http"
	"time"
)

// AnswerWithin changes how long the platform may take to answer.
func (s *S2low) AnswerWithin(d time.Duration) {
	s.client.Transport.(*http.Transport).ResponseHeaderTimeout = d
}
