package worker

import (
	"encoding/binary"
	"fmt"
	"io"
)

// The protocol: after its hello the helper reads pairs of request and secret
// and answers each with a reply or a failure. A frame is the kind (one byte),
// the length (four bytes, big endian) and the payload.
type kind byte

const (
	kindHello   kind = 'H' // helper: protocol name, sent once
	kindRequest kind = 'Q' // parent
	kindSecret  kind = 'S' // parent, follows every request, often empty
	kindEnd     kind = 'E' // parent: close the handler and exit
	kindReply   kind = 'R' // helper
	kindFailure kind = 'F' // helper: a Failure as JSON
)

// hello changes whenever the protocol does.
const hello = "antin worker 1"

func writeFrame(w io.Writer, k kind, payload []byte) error {
	if len(payload) > MaxFrame {
		return fmt.Errorf("%w: %d bytes", ErrFrame, len(payload))
	}
	var head [5]byte
	head[0] = byte(k)
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	if len(payload) == 0 {
		return nil
	}
	// Straight from the caller's bytes: a buffer would be one more copy of a PIN.
	_, err := w.Write(payload)
	return err
}

// readFrame reads one frame, whose kind must be among want.
func readFrame(r io.Reader, want ...kind) (kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	k, n := kind(head[0]), binary.BigEndian.Uint32(head[1:])
	known := false
	for _, w := range want {
		known = known || k == w
	}
	if !known {
		return k, nil, fmt.Errorf("%w: unexpected kind %q", ErrFrame, byte(k))
	}
	if n > MaxFrame {
		return k, nil, fmt.Errorf("%w: %d bytes announced", ErrFrame, n)
	}
	payload := make([]byte, n)
	if _, err := io.ReadFull(r, payload); err != nil {
		clear(payload)
		return k, nil, err
	}
	return k, payload, nil
}
