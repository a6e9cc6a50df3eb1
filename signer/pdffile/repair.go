package pdffile

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// ErrSigned is returned by Repair: a rebuilt file cannot keep its signatures.
var ErrSigned = errors.New("pdffile: the document holds signatures, which a rebuilt copy would lose")

// Repair writes a rebuilt copy of a damaged document to w. Objects are found by
// reading the whole file, so the copy should be looked at before it is signed.
// A document with signatures is refused with ErrSigned; one that cannot be
// rebuilt with ErrDamaged. It holds the document in memory.
func Repair(src io.ReadSeeker, w io.Writer, password string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	data, err := io.ReadAll(src)
	if err != nil {
		return err
	}
	// The scan is of raw bytes: in a damaged file no structure can be trusted to
	// name every signature.
	if bytes.Contains(data, []byte("/ByteRange")) {
		return ErrSigned
	}
	ctx, err := api.ReadContext(bytes.NewReader(data), offline(password))
	if err != nil {
		return fmt.Errorf("%w: it cannot be rebuilt: %v", ErrDamaged, err)
	}
	if err := ctx.EnsurePageCount(); err != nil || ctx.PageCount == 0 {
		return fmt.Errorf("%w: no page could be found in it", ErrDamaged)
	}
	var out bytes.Buffer
	if err := api.WriteContext(ctx, &out); err != nil {
		return fmt.Errorf("%w: it cannot be rebuilt: %v", ErrDamaged, err)
	}
	// What is offered must open here without a second repair.
	f, err := Read(bytes.NewReader(out.Bytes()), int64(out.Len()), Options{Password: password})
	if err != nil {
		return fmt.Errorf("reading the rebuilt copy: %w", err)
	}
	sigs, err := f.Signatures()
	if err != nil {
		return fmt.Errorf("reading the rebuilt copy: %w", err)
	}
	if len(sigs) > 0 {
		return ErrSigned
	}
	_, err = io.Copy(w, &out)
	return err
}

// offline is a pdfcpu configuration without its folder in the user's home,
// without network, and with the given password.
func offline(password string) *model.Configuration {
	api.DisableConfigDir()
	c := model.NewDefaultConfiguration()
	c.Offline = true
	c.UserPW, c.OwnerPW = password, password
	c.ValidationMode = model.ValidationRelaxed
	return c
}
