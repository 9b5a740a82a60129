import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny'
import sharp from 'sharp'

/** For tests: files of every kind, the smallest that there are. */
export const files = {
  png: (width = 40, height = 30) => plain(width, height).png().toBuffer(),
  jpeg: (width = 40, height = 30) => plain(width, height).jpeg().toBuffer(),
  /** As a camera makes it: where it was taken is in it. */
  jpegWithPlace: () =>
    plain(60, 40)
      .jpeg()
      .withExif({ IFD0: { Artist: 'Somebody' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 0/1' } })
      .toBuffer(),
  webp: () => plain(40, 30).webp().toBuffer(),
  gif: () => plain(40, 30).gif().toBuffer(),
  pdf: () =>
    Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n'),
  /** An empty archive. */
  zip: () => Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)]),
  zipOfOne,
  text: () => Buffer.from('Grüße: notes of the first lesson.\n'),
  vtt: () => Buffer.from('WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n'),
  svg: () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
  html: () => Buffer.from('<!doctype html><title>x</title><script>alert(1)</script>'),
  /** Silence. */
  wav,
  mp4: (seconds = 2) => film(new Mp4OutputFormat({ fastStart: false }), seconds),
  /** In fragments, as it is recorded: with no index of the whole. */
  fragmentedMp4: (seconds = 2) => film(new Mp4OutputFormat({ fastStart: 'fragmented' }), seconds),
  /** Written into a pipe: nothing says how long it is. */
  pipedWebm: (seconds = 2) => film(new WebMOutputFormat({ appendOnly: true }), seconds),
  mp3,
  ogg: async () => sound(new OggOutputFormat()),
  streamedMp4: (seconds = 2) => film(new Mp4OutputFormat({ fastStart: 'in-memory' }), seconds),
  webm: (seconds = 2) => film(new WebMOutputFormat(), seconds),
}

function plain(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: { r: 20, g: 90, b: 200 } } })
}

function wav(seconds = 1): Buffer {
  const rate = 8_000
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + rate * seconds, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(rate * seconds, 40)
  return Buffer.concat([header, Buffer.alloc(rate * seconds, 128)])
}

/** Forty frames of MPEG 1, layer III: 128 kbit/s at 44.1 kHz. */
function mp3(): Buffer {
  const frame = Buffer.alloc(417)
  frame.writeUInt32BE(0xfffb9000, 0)
  return Buffer.concat(Array.from({ length: 40 }, () => frame))
}

/** A stored (not compressed) file "a" of one byte. */
function zipOfOne(): Buffer {
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt32LE(0xe8b7be43, 14)
  local.writeUInt32LE(1, 18)
  local.writeUInt32LE(1, 22)
  local.writeUInt16LE(1, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt32LE(0xe8b7be43, 16)
  central.writeUInt32LE(1, 20)
  central.writeUInt32LE(1, 24)
  central.writeUInt16LE(1, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(47, 12)
  end.writeUInt32LE(32, 16)
  const name = Buffer.from('a')
  return Buffer.concat([local, name, name, central, name, end])
}

async function sound(format: OggOutputFormat): Promise<Buffer> {
  const output = new Output({ format, target: new BufferTarget() })
  const source = new EncodedAudioPacketSource('opus')
  output.addAudioTrack(source)
  await output.start()
  const description = Buffer.from('OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0', 'latin1')
  const decoderConfig = { codec: 'opus', numberOfChannels: 1, sampleRate: 48_000, description }
  for (let packet = 0; packet < 50; packet++)
    await source.add(new EncodedPacket(Buffer.alloc(60, 8), 'key', packet / 50, 1 / 50), { decoderConfig })
  await output.finalize()
  return Buffer.from(output.target.buffer ?? new ArrayBuffer())
}

/** A film with an index as any has; what its frames hold, nobody looks at. */
async function film(format: Mp4OutputFormat | WebMOutputFormat, seconds: number): Promise<Buffer> {
  const output = new Output({ format, target: new BufferTarget() })
  const source = new EncodedVideoPacketSource('vp9')
  output.addVideoTrack(source)
  await output.start()
  const decoderConfig = { codec: 'vp09.00.10.08', codedWidth: 320, codedHeight: 180 }
  for (let second = 0; second < seconds; second++) {
    const packet = new EncodedPacket(Buffer.alloc(500, second), second === 0 ? 'key' : 'delta', second, 1)
    await source.add(packet, { decoderConfig })
  }
  await output.finalize()
  return Buffer.from(output.target.buffer ?? new ArrayBuffer())
}
