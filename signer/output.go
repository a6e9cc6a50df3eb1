package signer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"antin/signer/register"
	"antin/signer/tempfile"
)

// traced is told of each change of what lies in the folders for outputs and for
// temporary files; tests end the process there.
var traced = func(at string) {}

// output is a file on its way: temporary in the target folder until published.
type output struct {
	*os.File
	dir, name string // wanted name
	fixed     bool   // the user named the file: no other name will do
	nameless  bool   // it has no name yet: a kill or power cut leaves nothing

	settled chan settlement // once settle has been called

	naming func(register.File) error // is told of the verified file before it gets its name; may be nil
}

// ownSuffix is what earlier steps have put behind the name: x.daky.pdf becomes
// x.phathanh.pdf, and so does x.daky.dauthoigian.pdf.
var ownSuffix = regexp.MustCompile(`((\.daky|\.phathanh|\.saoy|\.saoluc|\.trichsao|\.suachua|\.dauthoigian)( \(\d+\))?)+$`)

// newOutput prepares the output of a job. out is a file, a folder, or "" for
// the folder of the source; suffix is such as ".daky".
func newOutput(source, out, suffix string) (*output, error) {
	o, err := outputAt(source, out, suffix)
	if err == nil {
		err = o.create()
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

// create makes the temporary file.
func (o *output) create() (err error) {
	if o.File, err = tempfile.Nameless(o.dir); err == nil {
		o.nameless = true
		return nil
	}
	if o.File, err = tempfile.Named(o.dir, ".antin-*.tmp"); err != nil {
		return fmt.Errorf("%w: %w", ErrCannotPut, err)
	}
	return nil
}

// outputAt finds folder and name of an output.
func outputAt(source, out, suffix string) (*output, error) {
	base := filepath.Base(source)
	stem := ownSuffix.ReplaceAllString(strings.TrimSuffix(base, filepath.Ext(base)), "")
	o := &output{dir: filepath.Dir(source), name: stem + suffix + ".pdf"}
	if out != "" {
		st, err := os.Stat(out)
		switch {
		case err == nil && st.IsDir():
			o.dir = out
		case err == nil:
			return nil, fmt.Errorf("%w: %q", ErrExists, out)
		case strings.HasSuffix(out, string(filepath.Separator)) || strings.HasSuffix(out, "/"):
			return nil, fmt.Errorf("%w: %q", ErrNoFolder, out)
		default:
			o.dir, o.name, o.fixed = filepath.Dir(out), filepath.Base(out), true
		}
	}
	if st, err := os.Stat(o.dir); err != nil || !st.IsDir() {
		return nil, fmt.Errorf("%w: %q", ErrNoFolder, o.dir)
	}
	return o, nil
}

// failed gives an error of writing the file its name: disk full, quota, drive
// pulled.
func (o *output) failed(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) && file.Path == o.Name() {
		return fmt.Errorf("%w: %w", ErrCannotPut, err)
	}
	return err
}

// discard removes the temporary file; after publish it does nothing.
func (o *output) discard() {
	if o.File == nil {
		return
	}
	name := o.Name()
	_ = o.Close() // perhaps for the second time; nothing in it is wanted
	if !o.nameless {
		_ = os.Remove(name)
	}
	o.File = nil
}

// settlement is the digest of a file that is safe on the disk, or why it is not.
type settlement struct {
	sum [32]byte
	err error
}

// settle begins to bring the whole content to the disk and to hash it, while others
// read it. Nothing may be written any more.
func (o *output) settle(mode fs.FileMode) {
	o.settled = make(chan settlement, 1)
	f := o.File
	go func() {
		err := errors.Join(f.Chmod(mode.Perm()|0o600), f.Sync())
		sum, hashed := sha256Of(f)
		o.settled <- settlement{sum, errors.Join(err, hashed)}
	}()
}

// publish gives the file its name without ever replacing another. The content is
// safe on the disk before the name exists.
func (o *output) publish(mode fs.FileMode) (path string, sum [32]byte, err error) {
	if o.settled == nil {
		o.settle(mode)
	}
	s := <-o.settled
	if sum = s.sum; s.err != nil {
		return "", sum, fmt.Errorf("%w: %w", ErrCannotPut, s.err)
	}
	if !o.nameless { // Windows moves no open file
		if err := o.Close(); err != nil {
			return "", sum, fmt.Errorf("%w: %w", ErrCannotPut, err)
		}
	}
	if o.naming != nil {
		if err := o.naming(register.File{Path: o.numbered(1), SHA256: hex.EncodeToString(sum[:])}); err != nil {
			return "", sum, err
		}
	}
	traced("before the name")
	if path, err = o.link(); err != nil {
		return "", sum, err
	}
	traced("after the name")
	if o.nameless {
		err = o.Close()
	}
	o.File = nil
	return path, sum, errors.Join(err, syncFolder(o.dir))
}

// link gives the temporary file its name, "x (2).pdf" and so on when taken.
func (o *output) link() (string, error) {
	for i := 1; i < 1000; i++ {
		path := o.numbered(i)
		err := o.moveNew(path)
		switch {
		case err == nil:
			return path, nil
		case !errors.Is(err, fs.ErrExist):
			return "", fmt.Errorf("%w: %w", ErrCannotPut, err)
		case o.fixed:
			return "", fmt.Errorf("%w: %q", ErrExists, path)
		}
	}
	return "", fmt.Errorf("%w: %q and its numbered names", ErrExists, o.name)
}

// numbered is the path with the wanted name, from the second on with a number.
func (o *output) numbered(i int) string {
	name := o.name
	if i > 1 {
		ext := filepath.Ext(name)
		name = strings.TrimSuffix(name, ext) + " (" + strconv.Itoa(i) + ")" + ext
	}
	return filepath.Join(o.dir, name)
}

// moveNew names the file path unless that exists (fs.ErrExist). A hard link is
// atomic; where the file system has none (FAT), the name is reserved first.
func (o *output) moveNew(path string) error {
	if o.nameless {
		return tempfile.Link(o.File, path)
	}
	tmp := o.Name()
	err := os.Link(tmp, path)
	if err == nil {
		return os.Remove(tmp)
	}
	if errors.Is(err, fs.ErrExist) {
		return fs.ErrExist
	}
	h, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := h.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func sha256Of(f io.ReadSeeker) (sum [32]byte, err error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return sum, err
	}
	h := sha256.New()
	if _, err := io.CopyBuffer(h, struct{ io.Reader }{f}, make([]byte, 1<<20)); err != nil {
		return sum, err
	}
	h.Sum(sum[:0])
	return sum, nil
}
