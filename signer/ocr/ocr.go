// Package ocr reads the words on the picture of a page and lays them, invisible,
// over the page, so that a scanned record can be searched: the second layer that
// Thông tư 05/2025/TT-BNV wants.
//
// [Find] looks for tesseract with Vietnamese on this machine; [Engine.Read] gives
// it one picture at a time, in a process of its own with a time limit. [Font] and
// [Layer] write the words into a PDF. Places are millimetres from the top left
// corner of the page as seen.
//
// What is read is never checked: the picture is the record, the words only help
// to find it.
package ocr

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"antin/signer/pdffile"
)

// Answers a caller decides on.
var (
	ErrMissing = errors.New("ocr: tesseract with Vietnamese is not installed")
	ErrFailed  = errors.New("ocr: the words of a page could not be read") // it crashed, or took too long
)

// DPI is the resolution at which tesseract reads best.
const DPI = 300

const (
	program  = "tesseract"
	language = "vie"
)

// Word is a word on a page.
type Word struct {
	Text string
	pdffile.Box
}

// Engine is tesseract as installed here.
type Engine struct {
	Limit time.Duration // for one page, a minute when zero

	path string
}

// Find looks for the program and for its Vietnamese. Errors: ErrMissing, and
// ctx's.
func Find(ctx context.Context) (*Engine, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMissing, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--list-langs").CombinedOutput()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || !slices.Contains(strings.Fields(string(out)), language) {
		return nil, fmt.Errorf("%w: no language %q", ErrMissing, language)
	}
	return &Engine{path: path}, nil
}

// Read returns the words of a picture that has dpi dots per inch, in the order
// of reading. Errors: ErrFailed, and ctx's.
func (e *Engine) Read(ctx context.Context, p *image.RGBA, dpi float64) ([]Word, error) {
	limit := e.Limit
	if limit <= 0 {
		limit = time.Minute
	}
	inTime, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(inTime, e.path, "stdin", "stdout", "-l", language, "--dpi", strconv.Itoa(int(dpi+0.5)), "tsv")
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1") // its threads wait for each other busily: slower with them on a desk
	cmd.WaitDelay = time.Second                          // a child of it may hold the pipes
	cmd.Stdin = netpbm(p)
	var messages bytes.Buffer
	cmd.Stderr = &messages
	out, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case inTime.Err() != nil:
		return nil, fmt.Errorf("%w: no answer within %v", ErrFailed, limit)
	case err != nil:
		return nil, fmt.Errorf("%w: %w: %s", ErrFailed, err, firstLine(messages.String()))
	}
	return words(bytes.NewReader(out), 25.4/dpi)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// netpbm is a picture in the simplest format that tesseract reads.
func netpbm(p *image.RGBA) io.Reader {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	b := fmt.Appendf(make([]byte, 0, 3*w*h+32), "P6\n%d %d\n255\n", w, h)
	for y := range h {
		row := p.Pix[y*p.Stride:]
		for x := range w {
			b = append(b, row[4*x], row[4*x+1], row[4*x+2])
		}
	}
	return bytes.NewReader(b)
}

// words reads tesseract's table: level, page, block, paragraph, line, word, left,
// top, width, height, confidence, text. Words are level 5.
func words(r io.Reader, mm float64) ([]Word, error) {
	var out []Word
	s := bufio.NewScanner(r)
	for s.Scan() {
		c := strings.Split(s.Text(), "\t")
		if len(c) != 12 || c[0] != "5" || strings.TrimSpace(c[11]) == "" {
			continue
		}
		var at [4]float64
		for i := range at {
			n, err := strconv.Atoi(c[6+i])
			if err != nil || n < 0 {
				return nil, fmt.Errorf("%w: %q is no place", ErrFailed, c[6+i])
			}
			at[i] = float64(n) * mm
		}
		out = append(out, Word{strings.TrimSpace(c[11]), pdffile.Box{X: at[0], Y: at[1], W: at[2], H: at[3]}})
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return out, nil
}
