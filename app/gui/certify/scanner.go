package certify

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/scan"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// scanning is the scanner at work.
type scanning struct {
	pages  int // that are complete
	cancel func()
}

// invitation is what is seen while there is no scan: where they go.
func (s *Screen) invitation() fyne.CanvasObject {
	words := widget.NewLabelWithStyle(s.Text("certify.invitation"), fyne.TextAlignCenter, fyne.TextStyle{})
	words.SizeName, words.Wrapping = theme.SizeNameSubHeadingText, fyne.TextWrapWord
	s.scanHere = s.NewButton(s.Text("certify.scan"), s.askScan)
	open := container.NewHBox(layout.NewSpacer(), s.NewMainButton(s.Text("certify.open"), s.choose), s.scanHere, layout.NewSpacer())
	return container.NewPadded(frame.NewZone(container.NewVBox(layout.NewSpacer(), words, open, layout.NewSpacer())))
}

// Ways of feeding paper, in their order in the choice.
const (
	fromGlass = iota
	fromFeeder
	fromFeederDuplex
)

// askScan asks how to scan; what the norm wants is set already.
func (s *Screen) askScan() {
	var names []string
	for _, d := range s.devices {
		names = append(names, s.Text("certify.device", d.Vendor, d.Model))
	}
	device := s.NewSelect(names, nil)
	device.SetSelectedIndex(0)
	paper := s.NewSelect([]string{s.Text("certify.from-glass"), s.Text("certify.from-feeder"), s.Text("certify.from-duplex")}, nil)
	paper.SetSelectedIndex(fromGlass)
	behind := s.NewCheck(s.Text("certify.scan-behind"), nil)
	r := s.current
	frame.Show(behind, r != nil && r.read && r.fixed == nil && r.trouble == nil && r.open())
	content := container.NewVBox(device, paper, frame.Wrapped(s.Text("certify.presets")), behind)
	s.Ask(s.Text("certify.scan"), content, device, s.Text("certify.scan-yes"), s.Text("certify.scan-no"), func(yes bool) {
		if !yes {
			return
		}
		set := scan.Settings{Feeder: paper.SelectedIndex() != fromGlass, Duplex: paper.SelectedIndex() == fromFeederDuplex}
		to := (*row)(nil)
		if behind.Visible() && behind.Checked {
			to = r
		}
		scanTo := func(folder string) { s.scan(s.devices[max(0, device.SelectedIndex())].Name, set, folder, to) }
		if s.Settings.Output != "" {
			scanTo(s.Settings.Output)
			return
		}
		s.ChooseFolder(s.Text("certify.scan-folder"), scanTo)
	})
}

// scan scans into a new folder below one that is given. The pages become a scan of
// the list, or are put behind those of a row.
func (s *Screen) scan(device string, set scan.Settings, folder string, to *row) {
	if s.Busy() {
		return
	}
	now := &scanning{}
	s.scanning = now
	dir := filepath.Join(folder, s.Text("certify.scan-name", s.Now().Format("20060102-150405")))
	var paths []string
	now.cancel = s.Run(func(ctx context.Context) error {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return errors.Join(signer.ErrCannotPut, err)
		}
		err := s.use.Scanner.Scan(ctx, device, set, dir, func(path string) error {
			paths = append(paths, path)
			fyne.Do(func() {
				now.pages++
				s.panel.refresh()
			})
			return nil
		})
		if len(paths) == 0 {
			_ = os.Remove(dir) // it is empty
		}
		return err
	}, func(err error) {
		s.scanning = nil
		if s.closed {
			return
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			s.Problem(err, nil)
		}
		switch {
		case len(paths) == 0:
			s.refresh()
		case to != nil:
			s.appendTo(to, paths)
		default:
			s.turn(s.add(paths))
			s.work()
		}
	})
	s.refresh()
}
