package main

import (
	"bufio"
	"fmt"
	"net"
	"sync"
	"time"
)

type conversation struct {
	Talks   []probe `json:"talks"`
	EveryMs int     `json:"everyMs"`
}

type said struct {
	Times    int      `json:"times"`
	Failures []string `json:"failures"`
}

// What goes on: a conversation for each talk, until hush.
var talking struct {
	stop    chan struct{}
	ended   sync.WaitGroup
	results []said
}

// talk opens a new connection for each talk again and again, and beside it says something on one that stays open.
func talk(with conversation) (any, error) {
	talking.stop = make(chan struct{})
	talking.results = make([]said, len(with.Talks))
	for i, one := range with.Talks {
		talking.ended.Add(1)
		go func() {
			defer talking.ended.Done()
			converse(one, time.Duration(with.EveryMs)*time.Millisecond, talking.stop, &talking.results[i])
		}()
	}
	return nil, nil
}

// hush ends all conversations and answers with how each went, in the order in which they were given.
func hush(struct{}) (any, error) {
	close(talking.stop)
	talking.ended.Wait()
	return talking.results, nil
}

const patience = 900 * time.Millisecond // less than a lost SYN needs to be sent again, so that one lost packet is seen

func converse(one probe, every time.Duration, stop <-chan struct{}, result *said) {
	kept := keep(one, result)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			if kept != nil {
				kept.Close()
			}
			return
		case <-tick.C:
		}
		result.Times++
		if name, err := ask(one, patience); name == "" {
			result.Failures = append(result.Failures, fmt.Sprintf("%s new connection: %v", now(), orSilence(err)))
		}
		if kept != nil {
			if err := sayOn(kept); err != nil {
				result.Failures = append(result.Failures, fmt.Sprintf("%s kept connection: %v", now(), err))
				kept = nil
			}
		}
	}
}

func keep(one probe, result *said) net.Conn {
	if one.Protocol == "UDP" {
		return nil
	}
	connection, err := dial(one.From, network(one.Protocol), joined(one.To, one.Port), patience)
	if err != nil {
		result.Failures = append(result.Failures, fmt.Sprintf("%s first connection: %v", now(), err))
		return nil
	}
	return connection
}

func sayOn(connection net.Conn) error {
	_ = connection.SetDeadline(time.Now().Add(patience))
	if _, err := connection.Write([]byte("?")); err != nil {
		return err
	}
	_, err := bufio.NewReader(connection).ReadString('\n')
	return err
}

func now() string {
	return time.Now().UTC().Format("15:04:05.000")
}

func orSilence(err error) any {
	if err == nil {
		return "no answer"
	}
	return err
}
