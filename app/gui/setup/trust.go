package setup

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"antin/app/gui/frame"
	"antin/signer/home"
	"antin/signer/trust"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// kinds of entries, in words.
var kinds = map[string]string{"anchor": "trust.anchor", "certificate": "trust.certificate", "CRL": "trust.list", "OCSP": "trust.answer"}

// certificateFiles are the endings of what may hold certificates and lists.
var certificateFiles = []string{".cer", ".crt", ".pem", ".der", ".p7b", ".crl"}

// trust is the section with the user's store, and below it the files that are
// trusted where they lie.
func (s *Screen) trust() fyne.CanvasObject {
	return container.NewVBox(
		s.heading(s.Text("settings.trust"), s.Text("settings.trust-hint")),
		s.vault(),
		s.heading(s.Text("settings.trust-also"), s.Text("settings.trust-also-hint")),
		s.trustedFiles(),
	)
}

// vault is the user's store of certificates and lists.
func (s *Screen) vault() fyne.CanvasObject {
	list, result := container.NewVBox(), container.NewVBox()
	s.fillVault(list)
	add := func(paths []string) {
		var made *trust.Imported
		s.inVault(list, func(v *trust.Vault) (err error) {
			made, err = v.Import(paths...)
			return err
		}, func() {
			result.Objects = s.imported(made)
			result.Refresh()
		})
	}
	files := s.NewMainButton(s.Text("settings.trust-files"), func() {
		s.Choose(s.Text("settings.trust-files"), certificateFiles, true, add)
	})
	folder := s.NewButton(s.Text("settings.trust-folder"), func() {
		s.ChooseFolder(s.Text("settings.trust-folder"), func(path string) { add([]string{path}) })
	})
	return container.NewVBox(container.NewHBox(files, folder), result, list)
}

// imported tells what was taken into the store, what of it is believed, and what
// could not be read.
func (s *Screen) imported(made *trust.Imported) []fyne.CanvasObject {
	lines := []fyne.CanvasObject{frame.Tell(frame.SignGood, s.Text("trust.imported", made.Certificates, made.Lists, made.Answers, made.Known))}
	for _, a := range made.Anchors {
		lines = append(lines, frame.Tell(frame.SignGood, s.Text("trust.pinned", a.Subject.CommonName)))
	}
	for _, r := range made.Roots {
		lines = append(lines, frame.Tell(frame.SignWarning, s.Text("settings.trust-root", r.Subject.CommonName)))
	}
	for _, p := range made.Problems {
		lines = append(lines, frame.Tell(frame.SignBad, s.Words.Explain(p).What+" "+p.Error()))
	}
	return lines
}

// inVault changes the store beside and shows it again; done is called when that
// went well.
func (s *Screen) inVault(list *fyne.Container, change func(*trust.Vault) error, done func()) {
	s.Run(func(context.Context) error {
		v, err := home.Vault()
		if err != nil {
			return err
		}
		return change(v)
	}, func(err error) {
		if err != nil {
			s.Problem(err, nil)
		} else {
			done()
		}
		s.fillVault(list)
	})
}

// fillVault shows what is in the store, and how old its lists are.
func (s *Screen) fillVault(list *fyne.Container) {
	var entries []trust.Entry
	s.Run(func(context.Context) error {
		v, err := home.Vault()
		if err == nil {
			entries = v.Entries()
		}
		return err
	}, func(err error) {
		list.RemoveAll()
		if err != nil {
			list.Add(frame.Tell(frame.SignBad, s.Words.Explain(err).What))
			return
		}
		list.Add(bold(s.age(entries)))
		for _, e := range entries {
			list.Add(frame.NewPart(s.kept(list, e)))
		}
	})
}

// age sums the store up: how much there is, and how old the newest list or answer
// is, by which revocation is judged without a network.
func (s *Screen) age(entries []trust.Entry) string {
	var newest time.Time
	for _, e := range entries {
		if e.Problem == nil && e.ThisUpdate.After(newest) {
			newest = e.ThisUpdate
		}
	}
	switch {
	case len(entries) == 0:
		return s.Text("settings.trust-empty")
	case newest.IsZero():
		return s.Text("settings.trust-no-list", len(entries))
	}
	return s.Text("settings.trust-age", len(entries), days(s.Now().Sub(newest)))
}

// days are whole ones; what a clock that is behind makes negative is none.
func days(d time.Duration) int { return max(0, int(d.Hours()/24)) }

// told is an entry in words: what it is, whose, until when or since when, and the
// fingerprint to compare.
func (s *Screen) told(e trust.Entry) fyne.CanvasObject {
	lines := []string{fmt.Sprintf("%s: %s", s.Text(kinds[e.What]), e.Name)}
	sign, against := "", ""
	switch {
	case e.Problem != nil:
		sign, against = frame.SignBad, s.Text("trust.unusable", e.Problem)
	case e.Certificate != nil && e.Outdated(s.Now()):
		sign, against = frame.SignWarning, s.Text("settings.trust-ended", s.Words.Date(e.NextUpdate))
	case e.Certificate != nil:
		lines = append(lines, s.Text("trust.until", s.Words.Date(e.NextUpdate)))
	default:
		lines = append(lines, s.Text("settings.trust-made", s.Words.Time(e.ThisUpdate), days(e.Age(s.Now()))))
		if e.Outdated(s.Now()) {
			sign, against = frame.SignWarning, s.Text("trust.outdated", s.Words.Time(e.NextUpdate))
		}
	}
	if e.Certificate != nil {
		lines = append(lines, "SHA-256: "+grouped(e.SHA256))
	}
	box := container.NewVBox(plain(strings.Join(lines, "\n")))
	if sign != "" {
		box.Add(frame.Tell(sign, against))
	}
	return box
}

// grouped is a fingerprint that can be read aloud and wrapped.
func grouped(sha string) string {
	var groups []string
	for g := range slices.Chunk([]byte(sha), 4) {
		groups = append(groups, string(g))
	}
	return strings.Join(groups, " ")
}

// kept is one entry of the store with what can be done about it.
func (s *Screen) kept(list *fyne.Container, e trust.Entry) fyne.CanvasObject {
	nothing := func() {}
	buttons := container.NewHBox()
	if e.What == "certificate" && e.Certificate != nil {
		buttons.Add(s.NewButton(s.Text("settings.trust-accept"), func() {
			s.Question(s.Text("settings.trust-accept"), s.Text("settings.trust-accept-text", e.Name, grouped(e.SHA256)), s.Text("settings.trust-yes"), s.Text("settings.trust-no"), func(yes bool) {
				if yes {
					s.inVault(list, func(v *trust.Vault) error { return v.Trust(e.Certificate) }, nothing)
				}
			})
		}))
	}
	buttons.Add(s.NewButton(s.Text("settings.remove"), func() {
		s.inVault(list, func(v *trust.Vault) error { _, err := v.Remove(e.SHA256); return err }, nothing)
	}))
	return container.NewBorder(nil, nil, nil, container.NewVBox(buttons), s.told(e))
}

// trustedFiles are those of the settings, each with what is in it.
func (s *Screen) trustedFiles() fyne.CanvasObject {
	box := container.NewVBox()
	add := func(paths []string) {
		for _, p := range paths {
			if !slices.Contains(s.Settings.Trust, p) {
				s.Settings.Trust = append(s.Settings.Trust, p)
			}
		}
		s.save()
		s.turn(s.now)
	}
	for i, path := range s.Settings.Trust {
		remove := s.NewButton(s.Text("settings.remove"), func() {
			s.Settings.Trust = slices.Delete(slices.Clone(s.Settings.Trust), i, i+1)
			s.save()
			s.turn(s.now)
		})
		inside := container.NewVBox()
		box.Add(container.NewBorder(nil, nil, nil, container.NewVBox(remove), container.NewVBox(bold(filepath.Base(path)), dim(path), inside)))
		s.fillFile(inside, path)
	}
	files := s.NewButton(s.Text("settings.trust-also-files"), func() {
		s.Choose(s.Text("settings.trust-also-files"), certificateFiles, true, add)
	})
	folder := s.NewButton(s.Text("settings.trust-also-folder"), func() {
		s.ChooseFolder(s.Text("settings.trust-also-folder"), func(path string) { add([]string{path}) })
	})
	box.Add(container.NewHBox(files, folder))
	return box
}

// fillFile reads beside what is in a trusted file or folder.
func (s *Screen) fillFile(box *fyne.Container, path string) {
	var entries []trust.Entry
	s.Run(func(context.Context) (err error) {
		entries, err = trust.Contents(path)
		return err
	}, func(err error) {
		for _, e := range entries {
			box.Add(frame.NewPart(s.told(e)))
		}
		switch {
		case err != nil:
			box.Add(frame.Tell(frame.SignBad, s.Words.Explain(err).What))
		case len(entries) == 0:
			box.Add(frame.Tell(frame.SignWarning, s.Text("settings.trust-nothing")))
		}
	})
}
