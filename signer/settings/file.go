package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// Load reads the settings; a file that is not there gives the defaults.
func Load(path string) (*Settings, error) {
	s := &Settings{}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = errors.Join(json.Unmarshal(b, s), json.Unmarshal(b, &s.read))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrFile, path, err)
	}
	return s, nil
}

// SetAside gives a file that cannot be read another name beside it, so that
// settings can be saved again, and returns that name.
func SetAside(path string) (string, error) {
	for n := 1; ; n++ {
		aside := fmt.Sprintf("%s.%d", path, n)
		if _, err := os.Lstat(aside); err == nil {
			continue
		}
		if err := os.Rename(path, aside); err != nil {
			return "", fmt.Errorf("%w: %w", ErrFile, err)
		}
		return aside, nil
	}
}

// Save writes the settings beside the file and renames them over it.
func (s *Settings) Save(path string) error {
	b, err := s.Bytes()
	if err != nil {
		return err
	}
	return Write(path, b)
}

// Bytes is the content of the file of settings.
func (s *Settings) Bytes() ([]byte, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	if err := json.Unmarshal(b, &tree); err != nil {
		return nil, err
	}
	keepUnknown(reflect.TypeFor[Settings](), s.read, tree)
	b, err = json.MarshalIndent(tree, "", "\t")
	return append(b, '\n'), err
}

// Write replaces the file of settings by one with this content, see Bytes.
func Write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".settings-*.tmp")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	_, err = tmp.Write(content)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFile, errors.Join(err, os.Remove(tmp.Name())))
	}
	return nil
}

// keepUnknown copies into the object now what the object old has and the struct
// type t does not know, at every depth.
func keepUnknown(t reflect.Type, old, now map[string]any) {
	known := map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		known[name] = t.Field(i).Type
	}
	for name, value := range old {
		field, isKnown := known[name]
		if !isKnown {
			now[name] = value
			continue
		}
		was, _ := value.(map[string]any)
		is, _ := now[name].(map[string]any)
		switch {
		case is == nil:
		case field.Kind() == reflect.Struct:
			keepUnknown(field, was, is)
		case field.Kind() == reflect.Map:
			for entry := range is {
				from, _ := was[entry].(map[string]any)
				to, _ := is[entry].(map[string]any)
				keepUnknown(field.Elem(), from, to)
			}
		}
	}
}
