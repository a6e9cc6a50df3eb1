package certify

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/scan"
)

func (s *Screen) choose() {
	s.Choose(s.Text("certify.open"), Extensions, true, func(paths []string) {
		if len(paths) > 0 {
			s.Open(paths)
		}
	})
}

// Open adds scans to the list.
func (s *Screen) Open(paths []string) {
	var files []string
	s.Run(func(context.Context) (err error) {
		files, err = inFolders(paths)
		return err
	}, func(err error) {
		if err != nil {
			s.Problem(err, nil)
		}
		if s.closed {
			return
		}
		show := func() {
			first := s.add(files)
			for _, path := range files {
				s.Recent(path, frame.Opened)
			}
			if first != nil && (s.current == nil || s.current.state == signer.RowDone) {
				s.turn(first)
			}
			s.work()
		}
		if s.Busy() {
			show()
		} else {
			s.forget(show) // what came of the run has been seen
		}
	})
}

// inFolders are the files among paths and in the folders among them, as people
// count. What is wrong with a file that was named is told when it is read.
func inFolders(paths []string) (files []string, err error) {
	for _, path := range paths {
		in, failed := scan.Files(path)
		err = errors.Join(err, failed)
		files = append(files, in...)
	}
	return files, err
}

// add puts files into the list: a PDF is a scan of its own, the pictures of a
// folder are the pages of one. It returns the first row that they are in.
func (s *Screen) add(files []string) (first *row) {
	pictures := map[string]*row{} // by folder
	for _, path := range files {
		file := scan.File{Path: path}
		r := s.rowOf(path)
		switch {
		case r != nil: // it is in the list already
		case strings.EqualFold(filepath.Ext(path), ".pdf"):
			r = newRow(path)
			s.rows = append(s.rows, r)
		case pictures[filepath.Dir(path)] != nil:
			r = pictures[filepath.Dir(path)]
			r.files = append(r.files, file)
		default:
			r = newRow(path)
			pictures[filepath.Dir(path)] = r
			s.rows = append(s.rows, r)
		}
		first = cmp.Or(first, r)
	}
	s.unnumbered = true
	return first
}

// rowOf is the row that waits with this file, nil for none.
func (s *Screen) rowOf(path string) *row {
	for _, r := range s.rows {
		if r.open() && slices.ContainsFunc(r.files, func(f scan.File) bool { return f.Path == path }) {
			return r
		}
	}
	return nil
}

// addFiles puts the pages of more files behind those of the current row.
func (s *Screen) addFiles() {
	r := s.current
	s.Choose(s.Text("certify.add"), Extensions, true, func(paths []string) {
		if len(paths) > 0 {
			s.appendTo(r, paths)
		}
	})
}

func (s *Screen) appendTo(r *row, paths []string) {
	var leaves []scan.Leaf
	s.Run(func(ctx context.Context) error {
		var from []scan.File
		for _, path := range paths {
			from = append(from, scan.File{Path: path})
		}
		var err error
		leaves, err = scan.Leaves(ctx, from...)
		return err
	}, func(err error) {
		if err != nil {
			s.Problem(err, nil)
			return
		}
		s.do(r, scan.Append{Leaves: leaves})
	})
}

// do changes the pages of a row.
func (s *Screen) do(r *row, e scan.Edit) {
	plan, err := r.plan.Do(e)
	if err != nil {
		s.Problem(err, nil)
		return
	}
	r.change(plan)
	s.work()
}

func (s *Screen) canUndo() bool { return len(s.current.plan.Edits()) > 1 } // the first is what was opened

func (s *Screen) canRedo() bool {
	_, ok := s.current.plan.Redo()
	return ok
}

func (s *Screen) undo() {
	if plan, ok := s.current.plan.Undo(); ok && s.canUndo() {
		s.current.change(plan)
		s.work()
	}
}

func (s *Screen) redo() {
	if plan, ok := s.current.plan.Redo(); ok {
		s.current.change(plan)
		s.work()
	}
}

// splittable tells whether the current row is several files as they were opened.
func (s *Screen) splittable() bool { return len(s.current.files) > 1 && !s.canUndo() }

// split makes a scan of its own of each picture of the current row.
func (s *Screen) split() {
	at := slices.Index(s.rows, s.current)
	var rows []*row
	for _, f := range s.current.files {
		rows = append(rows, newRow(f.Path))
	}
	s.rows = slices.Replace(s.rows, at, at+1, rows...)
	s.turn(rows[0])
	s.renumber()
}

// answer is the resolution of the pictures of a row that do not tell it.
func (s *Screen) answer(r *row, dpi float64) {
	edits := r.plan.Edits()
	s.beside(func(ctx context.Context) error {
		for i, e := range edits {
			a, ok := e.(scan.Append)
			if !ok {
				continue
			}
			leaves := slices.Clone(a.Leaves)
			for j, l := range leaves {
				if !l.Asks {
					continue
				}
				l.File.DPI = dpi
				of, err := scan.Leaves(ctx, l.File)
				if err != nil {
					return err
				}
				leaves[j] = of[l.Page-1]
			}
			edits[i] = scan.Append{Leaves: leaves}
		}
		return nil
	}, func(err error) {
		if err != nil {
			s.Problem(err, nil)
			return
		}
		var plan scan.Plan
		for _, e := range edits {
			if plan, err = plan.Do(e); err != nil {
				s.Problem(err, nil)
				return
			}
		}
		r.change(plan)
	})
}
