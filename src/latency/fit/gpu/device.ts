// One WebGPU device and what can go wrong with it. Everything that goes wrong is a GpuGone: the caller goes on without.

/** The GPU cannot be used, or no longer. The message is the end of a sentence: "it was lost". */
export class GpuGone extends Error {}

/** Flags of WebGPU's GPUBufferUsage and GPUMapMode, whose objects exist in browsers alone. */
export const USAGE = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;
const MAP_READ = 0x1;

/** Work that takes longer than this hangs the machine: given up. */
const SUBMIT_MS = 5000;

export interface Adapter {
  readonly adapter: GPUAdapter;
  readonly name: string;
  /** WebGPU computed by the processor. */
  readonly software: boolean;
}

/** Null: there is none. */
export async function findAdapter(gpu: GPU | undefined): Promise<Adapter | null> {
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (adapter === undefined || adapter === null) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const parts = [vendor, architecture, description === "" ? device : description].filter((part) => part !== "");
  return { adapter, name: [...new Set(parts)].join(", ") || "unnamed adapter", software: isFallbackAdapter };
}

/** A device whose calls end in GpuGone where WebGPU would go on silently. */
export class Device {
  readonly device: GPUDevice;
  private gone: string | null = null;
  private readonly whenGone: Promise<void>;

  private constructor(device: GPUDevice) {
    this.device = device;
    this.whenGone = device.lost.then(() => {
      this.gone ??= "it was lost";
    });
    device.onuncapturederror = (event) => {
      event.preventDefault();
      this.gone ??= event.error.message.split("\n")[0] ?? "it failed";
    };
  }

  static async open({ adapter }: Adapter): Promise<Device> {
    try {
      return new Device(await adapter.requestDevice());
    } catch (error) {
      throw new GpuGone(error instanceof Error ? error.message : String(error));
    }
  }

  check(): void {
    if (this.gone !== null) throw new GpuGone(this.gone);
  }

  async pipeline(code: string, entryPoint: string): Promise<GPUComputePipeline> {
    const { device } = this;
    try {
      return await device.createComputePipelineAsync({
        layout: "auto",
        compute: { module: device.createShaderModule({ code }), entryPoint },
      });
    } catch (error) {
      this.check();
      throw new GpuGone(`its compiler refused the ${entryPoint} kernel (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  /** A buffer of so many bytes, or of these words. Throws where there is no room for it. */
  async buffer(content: number | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>, usage: number): Promise<GPUBuffer> {
    const { device } = this;
    const size = Math.max(16, typeof content === "number" ? content : content.byteLength);
    if (usage & USAGE.storage && size > device.limits.maxStorageBufferBindingSize)
      throw new GpuGone(
        `the table needs ${Math.ceil(size / 2 ** 20)} MiB at once, and it binds ${device.limits.maxStorageBufferBindingSize / 2 ** 20}`,
      );
    device.pushErrorScope("out-of-memory");
    const buffer = device.createBuffer({ size, usage });
    const error = await device.popErrorScope();
    if (error !== null) throw new GpuGone("it is out of memory");
    if (typeof content !== "number") device.queue.writeBuffer(buffer, 0, content);
    return buffer;
  }

  /** Runs commands to their end; milliseconds they took. A lost device resolves what waits for it, so it is looked at as well. */
  async submit(commands: GPUCommandBuffer, now: () => number): Promise<number> {
    const { device } = this;
    const started = now();
    device.queue.submit([commands]);
    await this.within(device.queue.onSubmittedWorkDone());
    return now() - started;
  }

  async read(buffer: GPUBuffer): Promise<Uint32Array> {
    try {
      await this.within(buffer.mapAsync(MAP_READ));
      const words = new Uint32Array(buffer.getMappedRange()).slice();
      buffer.unmap();
      return words;
    } catch (error) {
      this.check();
      throw error instanceof GpuGone ? error : new GpuGone(error instanceof Error ? error.message : String(error));
    }
  }

  private async within(work: Promise<unknown>): Promise<void> {
    const time = AbortSignal.timeout(SUBMIT_MS);
    const late = new Promise<void>((resolve) => {
      time.addEventListener("abort", () => resolve());
    });
    let ended = false;
    await Promise.race([work.finally(() => (ended = true)), this.whenGone, late]);
    if (!ended) this.gone ??= `a part of the work took more than ${SUBMIT_MS / 1000} s`;
    this.check();
  }

  end(): void {
    this.device.destroy();
  }
}
