package token

import (
	"errors"
	"strings"
	"testing"
)

// One unreadable card must not hide the others.
func TestUnreadableTokenHidesNoOther(t *testing.T) {
	o := desks(t)
	all, err := o.driver(t).Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, rule string
		shown      int
		problem    error
	}{
		{"unreadable", "C_GetTokenInfo 2 rv=0x30", len(all), ErrDriver},
		{"not recognized", "C_GetTokenInfo 2 rv=0xE1", len(all), ErrDriver},
		{"pulled out between two calls", "C_GetTokenInfo 2 rv=0xE0", len(all) - 1, nil},
		{"no session", "C_OpenSession 2 rv=0xB1", len(all), ErrDriver},
		{"certificates cannot be searched", "C_FindObjectsInit 2 rv=0x5", len(all), ErrDriver},
		{"search breaks off", "C_FindObjects 2 rv=0x5", len(all), ErrDriver},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tokens, err := o.shim(t, tc.rule).d.Tokens(t.Context())
			if err != nil || len(tokens) != tc.shown {
				t.Fatalf("%d tokens of %d, %v", len(tokens), len(all), err)
			}
			var problems []error
			for _, tok := range tokens {
				if tok.Problem != nil {
					problems = append(problems, tok.Problem)
				}
			}
			if tc.problem == nil && len(problems) > 0 || tc.problem != nil && (len(problems) != 1 || !errors.Is(problems[0], tc.problem)) {
				t.Errorf("problems %v, want %v once", problems, tc.problem)
			}
		})
	}
}

func TestLabelsInBrokenEncodings(t *testing.T) {
	o := desks(t)
	for _, tc := range []struct{ name, hex, want string }{
		{"cut within a letter", "4e677579e1bb856e20566ec483ce", "Nguyễn Vnă"},
		{"code page 1258", "4e677579ea6e", "Nguy\uFFFDn"},
		{"zero bytes", "56474341000000", "VGCA"},
		{"direction override", "61e280ae62", "ab"},
		{"nothing but rubbish", strings.Repeat("ff", 32), "\uFFFD"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tokens, err := o.shim(t, "label="+tc.hex).d.Tokens(t.Context())
			if err != nil || len(tokens) == 0 {
				t.Fatalf("%d tokens, %v", len(tokens), err)
			}
			if got := tokens[0].Label; got != tc.want {
				t.Errorf("label %q, want %q", got, tc.want)
			}
		})
	}
	// Its label is how the token is found again, whatever it looks like.
	s := o.shim(t, "label="+strings.Repeat("ff", 32))
	tokens, err := s.d.Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tok := range tokens {
		for _, c := range tok.Signers() {
			if c.X509.Equal(o.phuc) {
				session, err := s.d.Login(t.Context(), tok, o.phuc, []byte(pin))
				if err != nil {
					t.Fatal(err)
				}
				session.Close()
				return
			}
		}
	}
	t.Error("token not found")
}
