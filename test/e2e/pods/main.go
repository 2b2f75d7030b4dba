// Pods without a kubelet: network namespaces in which this one process listens, asks and talks, as it is told on its
// standard input. A line is a request in JSON, and gets one line as its answer. All of it is gone when the process is.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sync"
)

type request struct {
	ID   int             `json:"id"`
	Do   string          `json:"do"`
	With json.RawMessage `json:"with"`
}

type answer struct {
	ID    int    `json:"id"`
	Value any    `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

var actions = map[string]func(json.RawMessage) (any, error){
	"namespace": taking(makeNamespace),
	"run":       taking(run),
	"serve":     taking(serve),
	"relay":     taking(relay),
	"probe":     taking(probeAll),
	"talk":      taking(talk),
	"hush":      taking(hush),
}

func main() {
	var writing sync.Mutex
	out := json.NewEncoder(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		var asked request
		if err := json.Unmarshal(in.Bytes(), &asked); err != nil {
			panic(err)
		}
		go func() {
			value, err := actions[asked.Do](asked.With)
			given := answer{ID: asked.ID, Value: value}
			if err != nil {
				given = answer{ID: asked.ID, Error: err.Error()}
			}
			writing.Lock()
			defer writing.Unlock()
			if err := out.Encode(given); err != nil {
				panic(err)
			}
		}()
	}
}

func taking[T any](act func(T) (any, error)) func(json.RawMessage) (any, error) {
	return func(raw json.RawMessage) (any, error) {
		var with T
		if err := json.Unmarshal(raw, &with); err != nil {
			return nil, err
		}
		return act(with)
	}
}
