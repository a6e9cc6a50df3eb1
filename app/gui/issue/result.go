package issue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/register"
)

// tellResult shows what came of a run.
func (p *panel) tellResult(r *run) {
	s, done := p.screen, r.Count(signer.RowDone)
	var last *row
	for _, row := range r.rows {
		if row.state == signer.RowDone {
			last = row
		}
	}
	var lines []batch.Line
	made := ""
	switch {
	case done == 0:
	case len(r.rows) == 1:
		lines = append(lines, batch.Line{Sign: frame.SignGood, Text: s.Text("outgoing.done-one", last.number.String()), Large: true}, batch.Line{Text: filepath.Base(last.result.Output)})
	default:
		lines = append(lines, batch.Line{Sign: frame.SignGood, Text: s.Text("outgoing.done", done, len(r.rows)), Large: true})
	}
	if last != nil {
		made = last.result.Output
	}
	frame.Show(p.export, done > 0)
	p.side.Result(r.Run, made, append(lines, p.side.Told(r.Run)...))
}

// export writes this year's outgoing register where the person wants it.
func (s *Screen) export() {
	reg, year := s.register, strconv.Itoa(s.date.Year())
	s.ChooseFolder(s.Text("outgoing.export"), func(folder string) {
		path := ""
		s.Run(func(ctx context.Context) error {
			var err error
			path, err = exportTo(ctx, reg, folder, s.Text("outgoing.export-name", year), year)
			return err
		}, func(err error) {
			if err != nil {
				s.Problem(err, nil)
				return
			}
			s.Folder(path)
		})
	})
}

// exportTo writes the register of a year to a new file NAME.xlsx in a folder; an
// existing file is never replaced.
func exportTo(ctx context.Context, reg *register.Register, folder, name, year string) (path string, err error) {
	path = filepath.Join(folder, name+".xlsx")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("%w: %q", signer.ErrExists, path)
	}
	if err != nil {
		return "", err
	}
	err = errors.Join(reg.ExportXLSX(ctx, f, register.Outgoing, year), f.Sync(), f.Close())
	if err != nil {
		return "", errors.Join(err, os.Remove(path))
	}
	return path, nil
}
