import CDialects

/// A file that the build put into the binary; `nil` behind the last.
func embeddedFile(at index: Int) -> (name: String, text: String)? {
  guard let file = unsafe tb_dialect_file(index) else { return nil }
  let bytes = unsafe UnsafeBufferPointer(start: file.pointee.bytes, count: file.pointee.length)
  return unsafe (String(cString: file.pointee.name), String(decoding: bytes, as: UTF8.self))
}
