/// Why a line is no usage event: the key and what is wrong with it, never what stands there.
struct EventLineError: Error, Hashable {
  var problem: String
}
