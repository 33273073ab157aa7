/** The simulation is not as the model says. */
export class ModelDiffers extends Error {
  override readonly name = "ModelDiffers";
}
