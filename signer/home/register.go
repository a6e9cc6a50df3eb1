package home

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"antin/signer/register"
)

// RegisterFile is the path of the office's registers on this machine.
func RegisterFile() (string, error) { return Path("so-van-ban.db") }

// Waiting is how many documents wait for a time-stamp in the office's registers; 0
// where there are none, and none are made. Errors: as of Register.
func Waiting(ctx context.Context) (n int, err error) {
	path, err := RegisterFile()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrFolder, err)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	r, err := Register(ctx)
	if err != nil {
		return 0, err
	}
	n, err = r.UnstampedCount(ctx)
	return n, errors.Join(err, r.Close())
}

// Register opens the office's registers; they are made when they do not exist.
// Errors: ErrFolder and those of register.Open.
func Register(ctx context.Context) (*register.Register, error) {
	path, err := RegisterFile()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFolder, err)
	}
	return register.Open(ctx, path, register.Options{})
}
