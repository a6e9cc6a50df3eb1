package issue

import (
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"

	"antin/signer"
)

// A time-stamp server that does not answer is left alone for the rest of the run;
// when the run goes on, it is asked again.
func TestTimestampServerIsAskedAgain(t *testing.T) {
	o := newOffice(t)
	paths := o.several(3)
	last, err := os.ReadFile(paths[2])
	check(t, err)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		_ = os.Remove(paths[2])     // so that something is left when the run ends
		panic(http.ErrAbortHandler) // the connection breaks
	}))
	t.Cleanup(server.Close)
	o.frame.Settings.TSA = server.URL
	s := o.screen(paths...)
	for range s.rows {
		s.agree(true)
	}
	s.stamp()
	if s.rows[0].state != signer.RowDone || s.rows[1].state != signer.RowDone || s.rows[2].state != signer.RowFailed {
		t.Fatalf("%v, %v, %v", s.rows[0].failure, s.rows[1].failure, s.rows[2].failure)
	}
	before := asked.Load()
	check(t, os.WriteFile(paths[2], last, 0o600))
	s.again()
	if s.rows[2].state != signer.RowDone || s.rows[2].result.StampProblem == nil {
		t.Fatalf("%v: %v", s.rows[2].state, s.rows[2].failure)
	}
	if asked.Load() == before {
		t.Error("the server was not asked again")
	}
}
