package epcis

// ticket is a state in the queue.
type ticket struct {
	at    int64 // negated backward, so that the least comes first
	state int32
}

func (s *search) less(a, b ticket) bool {
	if a.at != b.at {
		return a.at < b.at
	}
	x, y := &s.states[a.state], &s.states[b.state]
	return x.depth < y.depth || x.depth == y.depth && x.id < y.id
}

// enqueue and dequeue keep a binary heap; container/heap would allocate for
// every state.
func (s *search) enqueue(st state) {
	t := ticket{st.at, int32(len(s.states))}
	if !s.forward {
		t.at = -t.at
	}
	s.states = append(s.states, st)
	s.queue = append(s.queue, t)
	i := len(s.queue) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !s.less(t, s.queue[up]) {
			break
		}
		s.queue[i] = s.queue[up]
		i = up
	}
	s.queue[i] = t
}

func (s *search) dequeue() state {
	top := s.queue[0]
	last := s.queue[len(s.queue)-1]
	s.queue = s.queue[:len(s.queue)-1]
	n := len(s.queue)
	i := 0
	for {
		child := 2*i + 1
		if child >= n {
			break
		}
		if child+1 < n && s.less(s.queue[child+1], s.queue[child]) {
			child++
		}
		if !s.less(s.queue[child], last) {
			break
		}
		s.queue[i] = s.queue[child]
		i = child
	}
	if n > 0 {
		s.queue[i] = last
	}
	return s.states[top.state]
}
