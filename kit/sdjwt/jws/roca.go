package jws

import "math/big"

// rocaPrimes are the small primes by which CVE-2017-15361 shows. The faulty
// generator made primes of the form k·M + (65537^a mod M), M being the product
// of the first primes; so a modulus is a power of 65537 modulo each of them.
var rocaPrimes = []int64{
	3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
	89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
}

// hasROCA tells whether a modulus has that form; one without the weakness has
// it by chance less than once in 2^27.
func hasROCA(n *big.Int) bool {
	for _, p := range rocaPrimes {
		rest := new(big.Int).Mod(n, big.NewInt(p)).Int64()
		if !isPower(rest, p) {
			return false
		}
	}
	return true
}

// isPower tells whether v is a power of 65537 modulo p.
func isPower(v, p int64) bool {
	g := 65537 % p
	for i, x := int64(0), int64(1); i < p; i, x = i+1, x*g%p {
		if x == v {
			return true
		}
	}
	return false
}
