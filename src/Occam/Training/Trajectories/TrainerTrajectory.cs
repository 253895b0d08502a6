namespace Occam.Training.Trajectories;

/// <summary>The trajectory of a training.</summary>
public static class TrainerTrajectory
{
    extension(Trainer trainer)
    {
        /// <summary>The trajectory of the biases, where the settings ask for it and the network has biases.</summary>
        public Trajectory? Trajectory => trainer.Observer as Trajectory;
    }
}
