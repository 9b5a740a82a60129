import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { cleanPicture } from './clean-picture.ts'
import { isPureWebp } from './picture-rules.ts'
import { renderPictures } from './render-pictures.ts'

const plain = (width: number) =>
  sharp({ create: { width, height: 90, channels: 3, background: { r: 9, g: 99, b: 200 } } })

describe('a WebP that is but pixels', () => {
  test('keeps its bytes where it is no wider than wished, and is drawn anew where it is', async () => {
    const bytes = await plain(640).webp().toBuffer()
    const [small, same, wide] = await renderPictures(bytes, [{ width: 320 }, { width: 640 }, { width: 1280 }])
    expect(small).toMatchObject({ width: 320, height: 45 })
    expect(same).toEqual({ bytes, width: 640, height: 90 })
    expect(wide).toEqual({ bytes, width: 640, height: 90 })
    expect(await cleanPicture(async () => bytes, 'image/webp', [])).toMatchObject({
      redrawn: null,
      width: 640,
    })
  })

  test('is no longer that with EXIF, a colour profile, a second frame, or anything behind it', async () => {
    const bytes = await plain(64).webp().toBuffer()
    const alpha = await plain(64).ensureAlpha(0.5).webp().toBuffer()
    const exif = await plain(64)
      .withExif({ IFD0: { Artist: 'somebody' } })
      .webp()
      .toBuffer()
    const profile = await plain(64).withIccProfile('p3').webp().toBuffer()
    const frames = [plain(64).png().toBuffer(), plain(64).negate().png().toBuffer()]
    const moving = await sharp(await Promise.all(frames), { join: { animated: true } })
      .webp()
      .toBuffer()
    expect([bytes, alpha].map(isPureWebp)).toEqual([true, true])
    const behind = Buffer.concat([bytes, Buffer.from('<script>')])
    expect([exif, profile, moving, behind, bytes.subarray(0, -2)].map(isPureWebp)).toEqual(
      Array(5).fill(false),
    )
    const [drawn] = await renderPictures(exif, [{ width: 64 }])
    expect((await sharp(drawn?.bytes).metadata()).exif).toBeUndefined()
  })

  test('400 where its pixels cannot be read', async () => {
    const bytes = await plain(64).webp().toBuffer()
    bytes.fill(0, 20)
    await expect(renderPictures(bytes, [{ width: 1280 }])).rejects.toThrow()
  })
})
