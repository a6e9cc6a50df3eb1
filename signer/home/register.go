package home

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"antin/signer/register"
)

// RegisterFile is the path of the office's registers on this machine.
func RegisterFile() (string, error) { return Path("so-van-ban.db") }

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
