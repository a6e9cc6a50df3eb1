// Package shapes writes PDF files of many shapes: every way a file can say
// where its objects are, every way a page can be turned and cropped, forms,
// encryption, and damage. It is support for tests and benchmarks and is
// imported by nothing else.
//
// A test ranges over All, asks each Shape for its bytes and holds what the code
// under test says against what the Shape says about itself:
//
//	for _, s := range shapes.All() {
//		t.Run(s.Name, func(t *testing.T) {
//			file := s.Data(t)
//			…
//		})
//	}
//
// A test that needs another file writes one with Document or Builder, and adds
// revisions with Revise; Big writes files of any length for benchmarks. The
// package parses nothing and does not know package pdffile, so that the tests
// inside pdffile can use it. Lengths of pages are millimetres, everything that
// stands in a file is in user space units. Clauses are those of ISO 32000-1.
package shapes

import (
	"errors"
	"os/exec"
	"slices"
	"testing"
)

// Expectation is what a signing program should do with a file.
type Expectation int

const (
	Signs   Expectation = iota // can be signed, with a new signature field
	Refused                    // must not be signed; Shape.Reason says why
)

// String is the name of the constant.
func (e Expectation) String() string {
	if e == Refused {
		return "Refused"
	}
	return "Signs"
}

// Shape is one PDF file, made when it is asked for, and what is true of it.
type Shape struct {
	Name   string      // short, unique, with hyphens: fit for a subtest and a file name
	Expect Expectation // what signing should do
	Reason string      // why it is refused, or what is to be noticed
	Pages  int         // number of pages; 0 where the damage hides it

	// Damaged files break the rules of the format: qpdf warns or gives up.
	// Every other file, also a refused one, is well-formed.
	Damaged bool

	// Width and Height are the size in mm of page 1 as a person sees it, and
	// Rotate its /Rotate as 0, 90, 180 or 270.
	Width, Height float64
	Rotate        int

	Version string // of the document, header and catalog taken together, such as "1.7"

	// Fields are the full names of the terminal form fields in the order of
	// the tree, and Empty those among them that are unsigned signature fields.
	Fields, Empty []string

	Encryption string // such as "AES-256 R6"; empty when the file is not encrypted
	Password   string // user password that opens the file

	build func() ([]byte, error)
}

// errTool marks shapes that another program makes, and which is not here.
var errTool = errors.New("shapes: program not installed")

// Data makes the file. The same shape gives the same bytes each time, except
// for encrypted ones, whose keys are drawn anew. A test that asks for a shape
// that needs qpdf is skipped, with the reason, where qpdf is not installed.
func (s Shape) Data(tb testing.TB) []byte {
	tb.Helper()
	data, err := s.build()
	if errors.Is(err, errTool) || errors.Is(err, exec.ErrNotFound) {
		tb.Skipf("shape %q: %v", s.Name, err)
	}
	if err != nil {
		tb.Fatalf("shape %q: %v", s.Name, err)
	}
	return data
}

// All returns every shape, sound ones first. Nothing is built yet.
func All() []Shape {
	all := slices.Concat(
		syntaxShapes(), revisionShapes(), pageShapes(), annotationShapes(), formShapes(),
		catalogShapes(), metadataShapes(), largeShapes(), encryptedShapes(), damagedShapes())
	for i := range all {
		s := &all[i]
		if s.Pages == 0 && !s.Damaged {
			s.Pages = 1
		}
		if s.Width == 0 && !s.Damaged {
			s.Width, s.Height = a4Width, a4Height
		}
		if s.Version == "" {
			s.Version = "1.7"
		}
	}
	return all
}

// Sound returns the shapes that can be signed.
func Sound() []Shape {
	return slices.DeleteFunc(All(), func(s Shape) bool { return s.Expect != Signs })
}

// Named returns one shape; a wrong name is a mistake in the test and panics.
func Named(name string) Shape {
	all := All()
	i := slices.IndexFunc(all, func(s Shape) bool { return s.Name == name })
	if i < 0 {
		panic("shapes: no shape named " + name)
	}
	return all[i]
}

// file wraps a builder function that cannot fail.
func file(build func() []byte) func() ([]byte, error) {
	return func() ([]byte, error) { return build(), nil }
}
