package gui

import (
	"errors"

	"antin/app/gui/frame"
	"antin/app/gui/holder"
	"antin/signer/cms"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// soon is when the end of a certificate is worth a word, in days.
const soon = 30

// line is a state in words, with a sign and a colour.
type line struct {
	sign       func() fyne.Resource
	name       string                   // of a person or an organisation, "" where none is told
	text       func(name string) string // the words with the name, or with as much of it as there is room for
	importance widget.Importance
}

// plain is a text without a name.
func plain(text string) func(string) string { return func(string) string { return text } }

// tokenLine tells what is plugged in: of the certificates that the role signs with,
// or of all, the one that wants attention most.
func tokenLine(f *frame.Frame, whose holder.Whose) line {
	s := f.Tokens.State()
	signers := s.Signers()
	switch {
	case s.Looking:
		return line{theme.SearchIcon, "", plain(f.Text("token.looking")), widget.LowImportance}
	case len(s.Tokens) == 0 && errors.Is(s.Problem, token.ErrNoModule):
		return line{theme.ErrorIcon, "", plain(f.Text("token.no-driver")), widget.WarningImportance}
	case len(s.Tokens) == 0:
		return line{theme.RadioButtonIcon, "", plain(f.Text("token.none")), widget.LowImportance}
	case len(signers) == 0:
		return line{theme.WarningIcon, "", plain(f.Text("token.empty")), widget.WarningImportance}
	}
	if role := roleOf(f.Settings.Role).signs; role != "" {
		signers = whose.Fitting(signers, role)
	}
	for _, c := range signers {
		if l := signerLine(f, c); len(signers) == 1 || l.importance != widget.LowImportance {
			return l
		}
	}
	return line{theme.RadioButtonCheckedIcon, "", plain(f.Text("token.several", len(signers))), widget.LowImportance}
}

// signerLine tells how one certificate is.
func signerLine(f *frame.Frame, c token.Candidate) line {
	cert := c.Certificate.X509
	name, days := cms.DisplayName(cert), int(cert.NotAfter.Sub(f.Now()).Hours()/24)
	with := func(text string, args ...any) func(string) string {
		return func(name string) string { return f.Text(text, append([]any{name}, args...)...) }
	}
	switch {
	case c.Token.PIN.Locked:
		return line{theme.ErrorIcon, name, with("token.is-locked"), widget.DangerImportance}
	case f.Now().After(cert.NotAfter):
		return line{theme.ErrorIcon, name, with("token.expired"), widget.DangerImportance}
	case f.Now().Before(cert.NotBefore):
		return line{theme.WarningIcon, name, with("token.not-yet"), widget.WarningImportance}
	case days < soon:
		return line{theme.WarningIcon, name, with("token.soon", days), widget.WarningImportance}
	}
	return line{theme.RadioButtonCheckedIcon, name, with("token.one", days), widget.LowImportance}
}
