package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"antin/assets"
)

// ProfileFile is the path of the user's own layout profile.
func ProfileFile() (string, error) {
	file, err := File()
	return filepath.Join(filepath.Dir(file), assets.ProfileOwn+".json"), err
}

// Profile is the layout profile of that name, see package assets: the user's own
// as he has set it, the default for an unknown name. Errors: ErrFile,
// *[assets.ProfileError].
func Profile(name string) (*assets.Profile, error) {
	if name != assets.ProfileOwn {
		return assets.ProfileNamed(name), nil
	}
	file, err := ProfileFile()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return assets.ProfileNamed(name), nil
	}
	return ReadProfile(file)
}

// ReadProfile reads a profile from a file. Errors: ErrFile,
// *[assets.ProfileError].
func ReadProfile(file string) (*assets.Profile, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	p, err := assets.ParseProfile(b)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", file, err)
	}
	return p, nil
}

// SaveProfile keeps p as the user's own profile: what differs from its base.
// Errors: ErrFile, *[assets.ProfileError].
func SaveProfile(p *assets.Profile) error {
	if err := p.Validate(); err != nil {
		return err
	}
	b, err := p.JSON()
	if err != nil {
		return err
	}
	file, err := ProfileFile()
	if err != nil {
		return err
	}
	return Write(file, b)
}
