/** The last frame of a video, drawn over it while its source is replaced, so that nothing flashes. */
export class Still {
  readonly #element: HTMLVideoElement;
  readonly #canvas: HTMLCanvasElement;

  constructor(element: HTMLVideoElement, canvas: HTMLCanvasElement) {
    this.#element = element;
    this.#canvas = canvas;
  }

  hold(): void {
    const { readyState, videoWidth, videoHeight } = this.#element;
    if (!this.#canvas.hidden || readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    [this.#canvas.width, this.#canvas.height] = [videoWidth, videoHeight];
    this.#canvas.getContext("2d")?.drawImage(this.#element, 0, 0);
    this.#canvas.hidden = false;
    for (const name of ["playing", "seeked"]) this.#element.addEventListener(name, this.release);
  }

  release = (): void => {
    this.#canvas.hidden = true;
    for (const name of ["playing", "seeked"]) this.#element.removeEventListener(name, this.release);
  };
}
