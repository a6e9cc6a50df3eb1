package pdffile

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
)

// key returns the key of the file, or errRefused.
func (a *authentication) key(pw []byte, owner bool) ([]byte, error) {
	if a.r >= 5 {
		return a.key256(pw, owner)
	}
	return a.key128(pw, owner)
}

// key128 lets pdfcpu find the key of revisions 2 to 4 (7.6.3.3 and 7.6.3.4,
// algorithms 2 to 7). It gets a document without pages that has the same
// passwords. Crypt filters play no part in the key, so /V is 2 there; that also
// spares the document pdfcpu's opinion about them.
func (a *authentication) key128(pw []byte, owner bool) ([]byte, error) {
	conf := offline("")
	// pdfcpu tries an owner password first, and the user's in its place when
	// there is none. One that cannot be right leaves the choice here.
	wrong := rand.Text()
	if conf.UserPW, conf.OwnerPW = string(pw), wrong; owner {
		conf.UserPW, conf.OwnerPW = wrong, string(pw)
	}
	doc, err := a.skeleton()
	if err != nil {
		return nil, err
	}
	ctx, err := api.ReadContext(bytes.NewReader(doc), conf)
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return nil, errRefused
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrEncryption, err)
	case len(ctx.EncKey) != a.bits/8:
		return nil, fmt.Errorf("%w: a key of %d bytes", ErrEncryption, len(ctx.EncKey))
	}
	return ctx.EncKey, nil
}

// skeleton is the least document with these passwords.
func (a *authentication) skeleton() ([]byte, error) {
	w := &writer{}
	w.WriteString("%PDF-1.7\n")
	objects := []Object{
		Dict{"Type": Name("Catalog"), "Pages": Ref{Num: 2}},
		Dict{"Type": Name("Pages"), "Kids": Array{}, "Count": 0},
		Dict{
			"Filter": Name("Standard"), "V": 2, "R": a.r, "Length": a.bits, "P": int(int32(a.p)),
			"O": String(a.o), "U": String(a.u), "EncryptMetadata": !a.clearMetadata,
		},
	}
	var offsets []int64
	for i, o := range objects {
		offsets = append(offsets, w.at())
		if err := w.indirect(Ref{Num: i + 1}, o); err != nil {
			return nil, err
		}
	}
	start := w.at()
	fmt.Fprintf(w, "xref\n0 %d\n0000000000 65535 f\r\n", len(objects)+1)
	for _, off := range offsets {
		fmt.Fprintf(w, "%010d 00000 n\r\n", off)
	}
	fmt.Fprintf(w, "trailer\n<</Size %d/Root 1 0 R/Encrypt 3 0 R/ID[<%[2]s><%[2]s>]>>\nstartxref\n%[3]d\n%%%%EOF\n",
		len(objects)+1, hex.EncodeToString(a.id), start)
	return w.Bytes(), nil
}

// key256 finds the key of revisions 5 and 6 (ISO 32000-2, 7.6.4.3.3, algorithm
// 2.A). It is not pdfcpu's, which puts passwords through the PRECIS identifier
// profile in place of SASLprep: that refuses a space, so no passphrase opens a
// document.
func (a *authentication) key256(pw []byte, owner bool) ([]byte, error) {
	check, wrapped, u := a.u, a.ue, []byte(nil)
	if owner {
		check, wrapped, u = a.o, a.oe, a.u
	}
	hash := hash5
	if a.r == 6 {
		hash = hash6
	}
	validation, salt := check[32:40], check[40:48]
	if subtle.ConstantTimeCompare(hash(pw, validation, u), check[:32]) != 1 {
		return nil, errRefused
	}
	c, err := aes.NewCipher(hash(pw, salt, u))
	if err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	cipher.NewCBCDecrypter(c, make([]byte, aes.BlockSize)).CryptBlocks(key, wrapped)
	return key, nil
}

// hash5 is revision 5's hash of a password (Adobe Supplement to ISO 32000,
// ExtensionLevel 3, algorithm 3.2a).
func hash5(pw, salt, u []byte) []byte {
	h := sha256.Sum256(bytes.Join([][]byte{pw, salt, u}, nil))
	return h[:]
}

// hash6 is revision 6's (ISO 32000-2, 7.6.4.3.4, algorithm 2.B).
func hash6(pw, salt, u []byte) []byte {
	k := hash5(pw, salt, u)
	for round := 1; ; round++ {
		e := bytes.Repeat(bytes.Join([][]byte{pw, k, u}, nil), 64)
		c, err := aes.NewCipher(k[:16])
		if err != nil {
			panic(err) // 16 bytes are a key
		}
		cipher.NewCBCEncrypter(c, k[16:32]).CryptBlocks(e, e)
		sum := 0 // the first 16 bytes as a number modulo 3: 256 is 1 there
		for _, b := range e[:16] {
			sum += int(b)
		}
		switch sum % 3 {
		case 0:
			h := sha256.Sum256(e)
			k = h[:]
		case 1:
			h := sha512.Sum384(e)
			k = h[:]
		default:
			h := sha512.Sum512(e)
			k = h[:]
		}
		if round >= 64 && int(e[len(e)-1]) <= round-32 {
			return k[:32]
		}
	}
}

// decryptBlock undoes AES for one block, as /Perms is encrypted (ISO 32000-2,
// 7.6.4.4.9, algorithm 10).
func decryptBlock(key, b []byte) []byte {
	out := make([]byte, aes.BlockSize)
	c, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // key256 gives 32 bytes
	}
	c.Decrypt(out, b)
	return out
}
