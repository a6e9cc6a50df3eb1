package words

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"antin/assets"
	"antin/signer/cms"
	"antin/signer/token"
)

// Problem is an error as a person reads it.
type Problem struct {
	Code   string   // such as KS-110
	What   string   // happened
	Why    string   // may be empty
	Next   []string // what to do, one step an entry
	Window []string // the same for a person at the window, where Next speaks of commands
	Detail string   // the technical error chain, in English
}

// Code is the code of err; KS-799 for an error that no text was written for.
func Code(err error) string {
	var own coded
	if errors.As(err, &own) {
		return own.Code()
	}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return unknown
}

// coded is an error that knows its code: those of the commands themselves.
type coded interface{ Code() string }

// Explain is the problem that err means for a person.
func (l Language) Explain(err error) Problem {
	code := Code(err)
	m := l.messages().Problems[code]
	p := Problem{Code: code, What: string(m.What), Why: string(m.Why), Detail: err.Error()}
	next, window := steps(m)
	particular := l.particular(err)
	p.Next, p.Window = slices.Concat(particular, l.places(err), next), slices.Concat(particular, window)
	return p
}

// steps are what to do on the command line and in the window.
func steps(m assets.Problem) (next, window []string) {
	for _, step := range m.Next {
		next = append(next, string(step))
	}
	if m.Window == nil {
		return next, next
	}
	for _, step := range m.Window {
		window = append(window, string(step))
	}
	return next, window
}

// Problems are all that can be told, by their codes.
func (l Language) Problems() []Problem {
	var out []Problem
	for code, m := range l.messages().Problems {
		p := Problem{Code: code, What: string(m.What), Why: string(m.Why)}
		p.Next, p.Window = steps(m)
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Problem) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// longestChoice bounds what is listed: certificates, faults.
const longestChoice = 8

// particular is what can be said of this very error: which certificates there
// are to choose from, what is wrong with a profile, and that only one PIN try is
// left.
func (l Language) particular(err error) []string {
	var next []string
	var choice *token.SelectionError
	if errors.As(err, &choice) {
		for _, c := range choice.Candidates[:min(len(choice.Candidates), longestChoice)] {
			next = append(next, l.Text("problem.candidate", c.Certificate.SHA256()[:12], cms.DisplayName(c.Certificate.X509), c.Token.Label, c.Token.Serial))
		}
	}
	var profile *assets.ProfileError
	if errors.As(err, &profile) {
		for _, f := range profile.Faults[:min(len(profile.Faults), longestChoice)] {
			next = append(next, l.fault(f))
		}
	}
	var refused *token.Error
	if errors.As(err, &refused) && errors.Is(err, token.ErrPINWrong) && refused.PIN != nil && refused.PIN.FinalTry {
		next = append(next, l.Text("problem.final-try"))
	}
	return next
}

// Write prints p: the sentence with its code, why, and what to do next; the
// technical chain last.
func (l Language) Write(w io.Writer, p Problem) {
	fmt.Fprintf(w, "%s %s\n", p.Code, p.What)
	if p.Why != "" {
		fmt.Fprintf(w, "  %s\n", p.Why)
	}
	for _, step := range p.Next {
		fmt.Fprintf(w, "  %s %s\n", l.Text("problem.hint"), step)
	}
	if p.Detail != "" {
		fmt.Fprintf(w, "  %s %s\n", l.Text("problem.detail"), p.Detail)
	}
}
