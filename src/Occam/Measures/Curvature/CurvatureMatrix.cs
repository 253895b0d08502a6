namespace Occam.Measures.Curvature;

/// <summary>Which matrix stands for how a loss L bends with the weights w. J is the Jacobian of the logits z by the weights.</summary>
public enum CurvatureMatrix
{
    /// <summary>∇²_w L.</summary>
    Hessian,

    /// <summary>1/n Σ_x Jᵀ (∇²_z ℓ) J, the Hessian of the loss of the network's linearization (Schraudolph 2002).</summary>
    GaussNewton,

    /// <summary>
    /// 1/n Σ_x E_y [∇_w log p(y|x) ∇_w log p(y|x)ᵀ] with y drawn from the network's own distribution: categorical of the softmax's
    /// probabilities, Bernoulli of the sigmoid's, normal of variance 1 around the outputs. For these it is the Gauss–Newton matrix (Martens
    /// 2020, §9.2), and is computed as that.
    /// </summary>
    Fisher,

    /// <summary>
    /// 1/n Σ_x ∇_w ℓ_x ∇_w ℓ_xᵀ, of the gradients at the given labels or targets: no estimate of Fisher's (Kunstner et al. 2019).
    /// </summary>
    EmpiricalFisher,
}
