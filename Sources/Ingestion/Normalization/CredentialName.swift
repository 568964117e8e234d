import Billing

/// A name for a credential that a log shows without an alias: a short keyed hash, never the text.
enum CredentialName {
  /// The first twelve digits of what is a hash already, else `key-` and twelve digits of a keyed
  /// hash; the same credential has the same name in every run.
  static func of(_ credential: Span<UInt8>) -> String {
    let bytes = credential.bytes(atMost: 129)
    if bytes.count == 64, bytes.allSatisfy(isHexDigit) {
      return String(decoding: bytes.prefix(12), as: UTF8.self)
    }
    var hasher = KeyedHasher(key: key)
    hasher.update(credential)
    let digits = String(hasher.finalize().low >> 16, radix: 16)
    return "key-" + String(repeating: "0", count: 12 - digits.utf8.count) + digits
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte)
  }

  /// Fixed, so that names agree between ledgers: gateways log long random keys or their hashes, which
  /// cannot be guessed from 48 bits.
  private static let key = StoreKey(low: 0x746f_6c6c_626f_6f6b, high: 0x6372_6564_656e_7469)
}
