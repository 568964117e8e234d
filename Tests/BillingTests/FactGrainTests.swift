import Billing
import Testing

@Suite struct `The grain of facts` {
  @Test(
    arguments: [
      (0, 0), (999, 0), (1000, 1000), (1_756_684_800_183_108, 1_756_684_800_183_000), (-1, -1000),
      (-1000, -1000), (-1001, -2000),
    ] as [(Int64, Int64)])
  func `an instant is kept to the millisecond that holds it`(microseconds: Int64, kept: Int64) {
    let time = Timestamp(microseconds: microseconds)
    let grain = FactGrain.time(time)
    #expect(grain.microseconds == kept)
    #expect(grain.day == time.day && grain.bucket == time.bucket)
  }

  @Test(
    arguments: [
      (0, 0), (127, 127), (128, 128), (129, 130), (131, 132), (1_558_508, 1_556_480),
      (255, 256), (-129, -130),
    ] as [(Int64, Int64)])
  func `a duration is kept to seven bits`(microseconds: Int64, kept: Int64) {
    #expect(FactGrain.duration(microseconds) == kept)
  }

  @Test func `a duration is off by less than a hundredth, and what is kept stays`() {
    for power in 0..<53 {
      for part in 0..<64 as Range<Int64> {
        let duration = (1 << Int64(power)) + ((1 << Int64(power)) >> 6) * part
        let kept = FactGrain.duration(duration)
        #expect((kept - duration).magnitude * 100 <= duration.magnitude)
        #expect(FactGrain.duration(kept) == kept)
      }
    }
  }

  @Test func `no trace becomes none`() {
    #expect(FactGrain.trace(0x1234_5678_0000_0000) == 1)
    #expect(FactGrain.trace(0x1234_5678_9ABC_DEF0) == 0x9ABC_DEF0)
  }
}
